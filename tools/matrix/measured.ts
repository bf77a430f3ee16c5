import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';

/** The results of the detection matrix. Pages are generated from them, and one row can be run again. */
const measuredSchema = z.strictObject({
  /** The last whole run on the stand-in and real Envoy. */
  lab: z.strictObject({
    date: z.string(),
    command: z.string(),
    node: z.string(),
    versions: z.string(),
    minutes: z.number(),
    runs: z.number(),
    wrong: z.array(z.string()),
    /** By `row · driver`: runs as stated, all runs, and what was stated then. */
    cells: z.record(z.string(), z.strictObject({ right: z.number(), of: z.number(), stated: z.array(z.string()) })),
  }),
  /** Rows on the real Istio by their title, each from the last time that it ran. */
  istio: z.record(
    z.string(),
    z.strictObject({ date: z.string(), commit: z.string(), stated: z.array(z.string()), found: z.array(z.string()) }),
  ),
});

export type Measured = z.output<typeof measuredSchema>;
export type IstioMeasured = Measured['istio'][string];

const FILE = resolve(import.meta.dirname, 'measured.json');

/** @throws ZodError for a file that was changed by hand and does not fit. */
export function readMeasured(): Measured {
  return measuredSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')));
}

/** Rows in the order of their titles, so that a row that runs again is one changed line. */
export function writeMeasured(measured: Measured): void {
  const lines = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([title, value]) => `    ${JSON.stringify(title)}: ${JSON.stringify(value)}`)
      .join(',\n');
  const { cells, ...about } = measured.lab;
  const lab = `{\n    "about": 0,\n    "cells": {\n${lines(cells)}\n    }\n  }`.replace(
    '"about": 0',
    JSON.stringify(about).slice(1, -1),
  );
  writeFileSync(FILE, `{\n  "lab": ${lab},\n  "istio": {\n${lines(measured.istio)}\n  }\n}\n`);
}

/** Whether a result is of what is stated today. */
export function isOfToday(stated: readonly string[], expected: readonly string[]): boolean {
  return stated.join('\n') === expected.join('\n');
}
