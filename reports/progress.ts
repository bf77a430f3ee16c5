import type { ProgressEvent } from '../harness/model/progress.ts';
import { safeText } from './safe-text.ts';
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
  /** Ends the line in place, so that what follows starts on one of its own. */
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
      // Those that are all answered have said so in a line of their own.
      if (event.phase === 'probe') probes = event.answered < event.of ? `probes ${event.answered}/${event.of} · ` : '';
      const text = describe(event, probes);
      const now = output.now();
      const waited = now - drawnAtMs >= (output.tty ? REDRAW_EVERY_MS : PLAIN_EVERY_MS);
      const isLast = event.phase === 'probe' && event.answered === event.of;
      // Preflight's waits are few, and each may be the one that never ends.
      const isOther = event.phase === 'preflight' && text !== shown;
      if (event.phase === phase && !waited && !isLast && !isOther) return;
      phase = event.phase;
      shown = text;
      drawnAtMs = now;
      const fitting = !output.columns ? text : text.slice(0, Math.max(20, output.columns - 1));
      output.write(
        output.tty
          ? `\r\u001b[2K${fitting}`
          : wrap(text, COLUMNS - GOES_ON.length)
              .map((line, index) => `${index === 0 ? '' : GOES_ON}${line}\n`)
              .join(''),
      );
      open = output.tty;
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
    case 'plan':
      return `${event.attempts} probes are sent`;
    case 'wait':
      return `up to ${Math.ceil(event.leftMs / 1000)} s more · waiting for ${safeText(event.waitingFor)}`;
    case 'preflight':
      return `preflight · waiting for ${safeText(event.waitingFor)}`;
    case 'probe':
      return `probes ${event.answered}/${event.of} answered`;
    case 'settle':
      return `${probes}traces ${event.settled}/${event.of} settled · waiting for ${safeText(event.waitingFor)}`;
    case 'fragments':
      return `${probes}looking for ${safeText(event.waitingFor.replace(/^a search for /, ''))}`;
  }
}
