import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS } from '../../reports/formats.ts';
import { checkWritable, writeFileAtomic } from '../capture/atomic-write.ts';
import type { RunReport } from '../model/report.ts';
import { shownStartMs, type WatchedRun } from '../model/watch.ts';

/** `2026-11-29T12-00-00.000Z-1f0c.json`: in the order of time where they are in the order of names. */
const NAME = String.raw`\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}\.\d{3}Z-[0-9a-z]+`;
/** The last is of a run whose process was killed (harness/capture/recorder.ts). */
const OURS = new RegExp(String.raw`^(?:(${NAME})\.(?:json|capture)|\.(${NAME})\.capture\.\d+\.part)$`);

type RunName = Pick<WatchedRun, 'id' | 'startedAtMs' | 'aheadMs'>;

/**
 * The folder of a watch: the report of each of the last runs as JSON, and the capture of each that did not pass. Files of
 * earlier watches count among them, so that the folder stays as large as it is. Other files are not touched.
 */
export class WatchFolder {
  readonly #folder: string;
  readonly #keep: number;
  /** The last runs of this watch, oldest first: the newest, whatever dates other names have. */
  #own: readonly string[] = [];

  /** @param keep how many runs have files at most. @throws the file system's error where no file can be made in the folder */
  constructor(folder: string, keep: number) {
    this.#folder = folder;
    this.#keep = keep;
    checkWritable(join(folder, 'report.json'));
  }

  /** Where a run writes its capture while it goes on. */
  capturePath(run: RunName): string {
    return join(this.#folder, `${nameOf(run)}.capture`);
  }

  /**
   * Writes the report, gives up the capture of a pass, and removes what is older than the last runs: also where the report
   * cannot be written, because a full disk is then less full for the next one. @throws the file system's error
   */
  keep(run: WatchedRun, report: RunReport | undefined): void {
    this.#own = [...this.#own, nameOf(run)].slice(-this.#keep);
    try {
      if (run.verdict === 'pass') rmSync(this.capturePath(run), { force: true });
      if (report !== undefined) writeFileAtomic(join(this.#folder, `${nameOf(run)}.json`), FORMATS.json(report));
    } finally {
      this.#removeOlder();
    }
  }

  #removeOlder(): void {
    const files = readdirSync(this.#folder).flatMap((file) => {
      const [, whole, begun] = OURS.exec(file) ?? [];
      const name = whole ?? begun;
      return name === undefined ? [] : [{ file, name }];
    });
    const there = new Set(files.map(({ name }) => name));
    const own = new Set(this.#own.filter((name) => there.has(name)));
    const others = [...there].filter((name) => !own.has(name));
    const last = new Set([...others.toSorted(), ...own].slice(-this.#keep));
    for (const { file, name } of files) if (!last.has(name)) rmSync(join(this.#folder, file), { force: true });
  }
}

function nameOf(run: RunName): string {
  return `${new Date(shownStartMs(run)).toISOString().replaceAll(':', '-')}-${run.id}`;
}
