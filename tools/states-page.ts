import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { HOW, type How, isRecorded, readFound, readState } from '../fixtures/istio/recorded-states.ts';
import { STATES } from '../fixtures/istio/states.ts';

const PAGE = resolve(import.meta.dirname, '../docs/guides/states.md');

/** Writes docs/guides/states.md: what `hopcheck run` says of each recorded state, with the cluster and without. */
export function writeStatesPage(): void {
  const recorded = STATES.filter(({ name }) => isRecorded(name, 'kube'));
  const dates = recorded.map(({ name }) => readState(name).run.startedAt.slice(0, 10)).toSorted();
  const rows = recorded.map(({ name, what }) => `| ${what} | ${HOW.map((how) => cellOf(name, how)).join(' | ')} |`);
  const page = `<!-- written by npm run record:states; record again instead of editing -->

# Recorded states

A mesh may be configured so that its traces are not whole, and it may change while it is tested. Each row is a real Istio with its own Bookinfo in such a state, recorded from ${dates[0]} to ${dates.at(-1)} with \`npm run record:states\`. The captures are in [fixtures/istio/states](../../fixtures/istio/README.md), and today's hopcheck judges them. Each row is one finding; all others are explained by it.

| state | \`hopcheck run --kube\` | without \`--kube\` |
|---|---|---|
${rows.join('\n')}
`;
  writeFileSync(PAGE, page);
}

function cellOf(name: string, how: How): string {
  if (!isRecorded(name, how)) return 'not recorded';
  const { verdict, sentence, findings } = readFound(name, how);
  const codes = findings.map((text) => text.split(' ')[0]);
  const shown = codes.length === 0 ? '' : ` (${codes.join(', ')})`;
  return `**${verdict}**${shown}: ${sentence}`.replaceAll('|', '\\|');
}
