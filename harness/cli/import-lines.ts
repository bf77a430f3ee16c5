import { safeText } from '../../reports/characters/safe-text.ts';
import { importedText } from '../../reports/text/environment.ts';
import { factText } from '../../reports/text/fact-text.ts';
import { wrap } from '../../reports/wrap.ts';
import { importedFact, nothingSent } from '../judge/imported.ts';
import type { Capture } from '../model/capture.ts';
import type { Dump } from './dump-files.ts';
import { shellQuote } from './output.ts';

/** The lines printed after an import: what came of the dump, what it cannot show, and how to judge it. */
export function importLines(
  capture: Capture,
  { passedOver }: Dump,
  out: string,
  isJudged: boolean,
  columns: number,
): string {
  const { imported, exchanges } = capture;
  const facts = importedFact(capture);
  const open = capture.traces.filter(({ reason }) => reason === 'deadline').length;
  const notes = [
    ...passedOver.map((file) => `${file}: JSON of something else, passed over`),
    ...(exchanges.length === 0 ? [`nothing to judge: ${factText(nothingSent(capture))}`] : []),
    ...(imported?.searched?.missing ?? []).map((name) => `the trace backend lists no service ${name}`),
    ...(imported?.searched?.cut ?? []).map(
      ({ service, from, to }) =>
        `${service}: traces from ${from} to ${to} are not fetched; choose a shorter time, or raise --limit`,
    ),
    ...(imported?.requests === false
      ? ['without a list of requests (--requests) ingress, load balancing and sampling are skipped']
      : []),
    ...(imported?.complete === false && imported.searched === undefined
      ? ['without --complete a trace that is not in the dump may be elsewhere, so its absence is not judged']
      : []),
    ...(open > 0
      ? [`${open} of ${exchanges.length} requests are open: no trace in the dump, or one that may be cut`]
      : []),
  ];
  return [
    safeText(`${out}: ${facts === undefined ? '' : importedText(facts)}`),
    ...notes.flatMap((note) => wrap(safeText(note), columns, '  ')),
    ...(isJudged ? [''] : [safeText(`judge it: hopcheck judge ${shellQuote(out)}`)]),
    '',
  ].join('\n');
}
