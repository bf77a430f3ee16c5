import type { ProgressEvent } from '../harness/model/progress.ts';
import { safeText } from './characters/safe-text.ts';
import { COLUMNS, wrap } from './wrap.ts';

export interface ProgressOutput {
  /** One line, redrawn in place; else plain lines, few enough for a log. */
  readonly tty: boolean;
  /** 0 or absent: not known. */
  readonly columns?: number;
  write(text: string): void;
  /** Epoch or any other ms. */
  now(): number;
}

export interface Progress {
  event(event: ProgressEvent): void;
  /** Ends the line in place, so that the next text starts on a new line. */
  end(): void;
}

/** Between two plain lines of one phase, ms. */
const PLAIN_EVERY_MS = 5000;
/** Between two redraws, ms. */
const REDRAW_EVERY_MS = 100;
/** Before what belongs to the line above it, in a log that has lines of others too. */
const GOES_ON = '  ';

/** What a run is doing, for people who wait: probes sent, traces settled, what it waits for and why. */
export function createProgress(output: ProgressOutput): Progress {
  let phase = '';
  let shown = '';
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  let probes = '';
  let open = false;
  return {
    event(event) {
      // A line has already reported that all of them are answered.
      if (event.phase === 'probe') probes = event.answered < event.of ? `probes ${event.answered}/${event.of} · ` : '';
      const text = describe(event, probes);
      const now = output.now();
      const waited = now - drawnAtMs >= (output.tty ? REDRAW_EVERY_MS : PLAIN_EVERY_MS);
      const isLast = event.phase === 'probe' && event.answered === event.of;
      // Preflight's waits are few, and each may be the one that never ends.
      const isOther = event.phase === 'preflight' && text !== shown;
      const isEnd = event.phase === 'wait' && event.leftMs <= 0;
      if (event.phase === phase && !waited && !isLast && !isOther && !isEnd) return;
      phase = event.phase;
      shown = text;
      drawnAtMs = now;
      const fitting = !output.columns ? text : text.slice(0, Math.max(20, output.columns - 1));
      // The result of a wait stays in sight: the report names what is missing, and not that the run waited for it.
      const inPlace = output.tty && !isEnd;
      const room = Math.min(output.columns || COLUMNS, COLUMNS) - GOES_ON.length;
      const plain = wrap(text, room).map((line, index) => `${index === 0 ? '' : GOES_ON}${line}\n`);
      output.write(inPlace ? `\r\u001b[2K${fitting}` : `${open ? '\r\u001b[2K' : ''}${plain.join('')}`);
      open = inPlace;
    },
    end() {
      if (open) output.write('\r\u001b[2K');
      open = false;
      phase = '';
    },
  };
}

function describe(event: ProgressEvent, probes: string): string {
  switch (event.phase) {
    case 'read':
      return `${readOf(event)}${event.leftMs === undefined ? '' : ` · about ${Math.ceil(event.leftMs / 1000)} s more`}`;
    case 'wait':
      if (event.leftMs <= 0) return `--wait is over, still waiting for ${safeText(event.waitingFor)}`;
      return `up to ${Math.ceil(event.leftMs / 1000)} s more · waiting for ${safeText(event.waitingFor)}`;
    case 'fetch':
      return `fetching ${safeText(event.waitingFor)}`;
    case 'preflight':
      return `preflight · waiting for ${safeText(event.waitingFor)}`;
    case 'probe':
      return `probes ${event.answered}/${event.of} answered`;
    case 'settle':
      // The last one may have come while the text says that some are open.
      if (event.settled === event.of) return `${probes}traces ${event.settled}/${event.of} settled`;
      return `${probes}traces ${event.settled}/${event.of} settled · waiting for ${safeText(event.waitingFor)}`;
    case 'fragments':
      return `${probes}looking for ${safeText(event.waitingFor)}`;
  }
}

function readOf({ bytes, of }: Extract<ProgressEvent, { phase: 'read' }>): string {
  const mebibytes = (count: number) => (count / 2 ** 20).toFixed(0);
  return of === undefined ? `${mebibytes(bytes)} MiB read` : `${mebibytes(bytes)} of ${mebibytes(of)} MiB read`;
}
