import { h } from '../shared/element.ts';
import { grouped } from '../shared/format.ts';
import type { ShownRun, ShownTrace } from '../shared/shown.ts';
import { MARK_WORDS, STATE_WORDS } from '../shared/trace-words.ts';
import type { TraceFilter } from './address.ts';
import { element } from './dom.ts';
import { toNodes } from './mount.ts';
import { SORTS, sorted } from './sorted.ts';

/** The filter as it is set, and how to set it. */
export interface FilterBar {
  readonly value: () => TraceFilter;
  readonly set: (filter: TraceFilter) => void;
}

/** What to look for among the traces, and in which order. Text fits probe, trace ids, version, services, operations, status, flags and what is wrong; what was found under another trace id too. */
export function addFilter(
  host: Element,
  run: ShownRun,
  onFilter: (traces: readonly ShownTrace[], byReader: boolean) => void,
): FilterBar {
  const states = [...new Set(run.traces.map(({ state }) => state))];
  const options = (all: string, values: readonly string[], words: (value: string) => string) => [
    h('option', { value: '' }, all),
    values.map((value) => h('option', { value }, words(value))),
  ];
  host.append(
    toNodes(
      h(
        'div',
        { class: 'filter' },
        h('input', {
          id: 'filter-text',
          type: 'search',
          placeholder: 'probe, id, service, status …',
          'aria-label': 'Filter traces by text',
        }),
        h(
          'select',
          { id: 'filter-state', 'aria-label': 'Filter traces by state' },
          options('every state', states, (state) => STATE_WORDS[state as keyof typeof STATE_WORDS]),
        ),
        run.versions.length > 0 &&
          h(
            'select',
            { id: 'filter-version', 'aria-label': 'Filter traces by version' },
            options('every version', run.versions, (version) => version),
          ),
        h(
          'select',
          { id: 'filter-sort', 'aria-label': 'Sort traces' },
          Object.entries(SORTS).map(([value, words]) => h('option', { value }, words)),
        ),
        h('p', { id: 'filter-count', class: 'faint', role: 'status' }),
      ),
    ),
  );
  const text = element<HTMLInputElement>('#filter-text', host);
  const state = element<HTMLSelectElement>('#filter-state', host);
  const version = host.querySelector<HTMLSelectElement>('#filter-version');
  const sort = element<HTMLSelectElement>('#filter-sort', host);
  const words = new Map(run.traces.map((trace) => [trace, '']));
  const apply = (byReader: boolean) => {
    const wanted = text.value.trim().toLowerCase();
    const found = run.traces.filter(
      (trace) =>
        (state.value === '' || trace.state === state.value) &&
        (version === null || version.value === '' || trace.version === version.value) &&
        (wanted === '' || wordsOf(trace, words).includes(wanted)),
    );
    element('#filter-count', host).textContent = `${grouped(found.length)} of ${grouped(run.traces.length)} traces`;
    onFilter(sorted(found, sort.value), byReader);
  };
  text.addEventListener('input', () => apply(true));
  for (const choice of [state, version, sort]) choice?.addEventListener('change', () => apply(true));
  return {
    value: () => ({ text: text.value, state: state.value, version: version?.value ?? '', sort: sort.value }),
    set: (filter) => {
      text.value = filter.text;
      // The run may not have such a choice.
      for (const [choice, value] of [
        [state, filter.state],
        [version, filter.version],
        [sort, filter.sort],
      ] as const)
        if (choice !== null) choice.value = [...choice.options].some((option) => option.value === value) ? value : '';
      apply(false);
    },
  };
}

/** Everything of a trace that may be looked for, joined once. */
function wordsOf(trace: ShownTrace, known: Map<ShownTrace, string>): string {
  const before = known.get(trace);
  if (before) return before;
  const { probe, id, version, purpose, settled, fragments, gaps } = trace;
  const all = [...trace.spans, ...fragments.flatMap((fragment) => fragment.spans)];
  const spans = all.flatMap(({ fullName, operation, status, flags, kind, codes, marks }) => [
    fullName,
    operation,
    status ?? '',
    ...flags,
    ...codes,
    ...marks.map((mark) => MARK_WORDS[mark]),
    kind,
  ]);
  const missing = gaps.map(({ caller, callee }) => `${caller} → ${callee} missing`);
  const ids = [id, ...fragments.map((fragment) => fragment.id)];
  const joined = [probe, ...ids, version ?? '', purpose, settled, ...missing, ...new Set(spans)]
    .join(' ')
    .toLowerCase();
  known.set(trace, joined);
  return joined;
}
