import { type Child, type HtmlElement, h } from '../shared/element.ts';
import { duration } from '../shared/format.ts';
import type { ShownSpan } from '../shared/shown.ts';
import type { SpanPage } from '../shared/span-page.ts';
import { foreign } from '../shared/trace-words.ts';

/** Everything known of one span, its tags last: shown when a reader opens it. */
export function spanFacts(span: ShownSpan, page: SpanPage | undefined): HtmlElement {
  const { id, fullName, operation, pod, offsetMicros, durationMicros, tags, proxy } = span;
  const facts: readonly (readonly [string, Child] | false)[] = [
    ['operation', foreign(operation)],
    ['service', foreign(fullName)],
    pod !== undefined && ['pod', foreign(pod)],
    ['made by', proxy ? 'a proxy (Envoy)' : "the application's own SDK"],
    ['span id', h('code', {}, id)],
    ['began', `${duration(offsetMicros)} after the trace, took ${duration(durationMicros)}`],
    ...(tags ?? []).map(([name, value]) => [foreign(name), foreign(value)] as unknown as readonly [string, Child]),
  ];
  return h(
    'tr',
    { class: 'facts', role: 'row' },
    h(
      'td',
      { role: 'gridcell', colspan: 3 },
      h(
        'dl',
        {},
        facts.filter((fact) => fact !== false).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
      ),
      tags === undefined &&
        h(
          'p',
          { class: 'faint' },
          'Its tags are not in this file: there are too many traces. They are in the capture and in the trace backend.',
        ),
      page !== undefined && h('p', {}, h('a', { href: page.href, rel: 'noreferrer' }, `this span in ${page.product}`)),
    ),
  );
}
