import type { ExpectedSpan, ExpectedTrace } from '../../../harness/model/detail.ts';
import { type HtmlElement, h } from './element.ts';
import type { ShownSpan, ShownTrace } from './shown.ts';
import { depthClass, levelsClass, plainIndent, spanName } from './span-name.ts';
import { foreign, wrongMarks } from './trace-words.ts';

/** The trace the definition expects of this version; undefined where no version is known and several differ. */
export function expectedFor(trace: ShownTrace, expected: readonly ExpectedTrace[]): ExpectedTrace | undefined {
  return expected.find(({ version }) => version === trace.version) ?? (expected.length === 1 ? expected[0] : undefined);
}

/**
 * The trace as it should be: one row per span, each with whether it is there. Spans below a gap are missing as well, or
 * hang elsewhere.
 */
export function expectedTree(
  trace: ShownTrace,
  { version, spans }: ExpectedTrace,
  services: readonly string[],
): HtmlElement {
  const places = placesOf(trace, spans);
  const rows = spans.map((span, index) => {
    const { kind, depth, hop } = span;
    const place = places[index] ?? 'there';
    return h(
      'tr',
      { class: place === 'there' ? 'there' : place === 'wrong link' ? 'bad' : 'gap' },
      h(
        'td',
        { class: `name ${depthClass(depth)}` },
        plainIndent(depth),
        spanName(
          { ...span, ...(kind === 'client' && hop !== undefined && { callee: hop.callee }) },
          spans.findLast((other, at) => at < index && other.depth < depth),
          services,
        ),
      ),
      h('td', { class: 'number' }, place === 'there' ? '✓' : h('span', { class: 'mark' }, `✗ ${place}`)),
    );
  });
  const title = version === undefined ? 'expected' : ['expected of ', foreign(version)];
  return h(
    'table',
    { class: `waterfall expected ${levelsClass(spans.map(({ depth }) => depth))}` },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, title), h('th', { scope: 'col', class: 'number' }, 'here'))),
    h('tbody', {}, rows),
  );
}

type Place = 'there' | 'missing' | 'not joined' | 'wrong link';

/** By the gaps: the missing half, and below it what is missing too or hangs elsewhere in the trace; and by what is wrong with the span itself. */
function placesOf({ gaps, spans: seen }: ShownTrace, spans: readonly ExpectedSpan[]): readonly Place[] {
  const missing = new Map(gaps.map(({ caller, callee, half }) => [`${caller} ${callee}`, half]));
  let below = Number.POSITIVE_INFINITY;
  return spans.map(({ depth, kind, hop, gateway, service }) => {
    if (depth <= below) below = Number.POSITIVE_INFINITY;
    const half = hop === undefined ? undefined : missing.get(`${hop.caller} ${hop.callee}`);
    const gone = half === kind || (gateway && !seen.some((span) => span.gateway));
    if (gone && below === Number.POSITIVE_INFINITY) below = depth;
    const here = seen.filter(
      (span) => span.service === service && span.kind === kind && (kind === 'server' || span.callee === hop?.callee),
    );
    if (!gone && depth <= below) return here.some(isWronglyLinked) ? 'wrong link' : 'there';
    return !gone && here.length > 0 ? 'not joined' : 'missing';
  });
}

function isWronglyLinked({ codes, marks }: ShownSpan): boolean {
  return codes.length > 0 || wrongMarks(marks).length > 0;
}
