import { DEEPEST } from './shared/span-name.ts';

const DEPTHS = Array.from({ length: DEEPEST + 1 }, (_, depth) => depth);
/** As levelsClass makes them; up to the first, a step has its full width. */
const LEVELS = Array.from({ length: (DEEPEST + 1) / 10 }, (_, tens) => (tens + 1) * 10);

/** Waterfalls, what is expected beside them, and the list to choose from. */
export const TRACE_STYLE = `
#viewer { display: grid; gap: 1rem; } @media (min-width: 90rem) { #viewer:has(#chooser:not([hidden])) { grid-template-columns: 19rem minmax(0, 1fr); align-items: start; } }
#trace, #more-traces { min-width: 0; display: grid; gap: 1.2rem; } .trace { border: 1px solid var(--line); border-radius: .6rem; padding: .7rem 1rem 1rem; min-width: 0; } #more-traces { margin-top: 1.2rem; }
.trace-head { max-width: none; } .state.whole { color: var(--pass); } .state.broken, .state.unwanted { color: var(--fail); } .state.open { color: var(--unsure); } .state.trial { color: var(--faint); }
.side-by-side { display: grid; gap: .6rem 2rem; grid-template-columns: minmax(0, 1fr); align-items: start; } @media (min-width: 72rem) { .side-by-side { grid-template-columns: minmax(0, 1.9fr) minmax(0, 1fr); } }
.waterfall { width: 100%; table-layout: fixed; font-size: .92em; } .waterfall td, .waterfall th { padding: .22rem .5rem .22rem 0; } .waterfall col.who { width: 45%; } .waterfall:not(.levels-10) col.who { width: 54%; } .waterfall col.long { width: 6.2rem; }
.waterfall.expected { table-layout: auto; } .waterfall .name { border-left: 3px solid transparent; padding-left: .4rem; } .ticks { container-type: inline-size; display: flex; justify-content: space-between; font-variant-numeric: tabular-nums; white-space: nowrap; } @container (max-width: 22rem) { .ticks span:nth-child(even) { display: none; } }
.waterfall:not(.expected) .number { white-space: normal; } .waterfall tr.span { cursor: pointer; } .waterfall tr.span:hover td { background: var(--soft); } .waterfall tr.span:focus-visible { outline-offset: -3px; }
.dot { display: inline-block; width: .72em; height: .72em; border-radius: .15em; margin-right: .45em; background: var(--of, var(--faint)); border: 2px solid var(--of, var(--faint)); } .dot.client { background: transparent; } .dot { forced-color-adjust: none; }
.kind { font-size: .7em; letter-spacing: .02em; white-space: nowrap; color: var(--faint); } .version, .tagged { border: 1px solid var(--line); border-radius: .3rem; padding: 0 .35em; font-size: .86em; background: var(--soft); display: inline-block; max-width: 100%; }
.bar.client { fill: var(--paper); stroke: var(--of, var(--faint)); stroke-width: 2; vector-effect: non-scaling-stroke; } .waterfall .bar.client { fill-opacity: .6; }
.waterfall tr.bad .name { border-left-color: var(--fail); } .waterfall tr.gap td { background: var(--fail-soft); } .waterfall tr.gap .name { border-left-color: var(--fail); border-left-style: dashed; }
.hole { fill: none; stroke: var(--fail); stroke-width: 2; vector-effect: non-scaling-stroke; } .waterfall tr.elsewhere .name { border-left-color: var(--unsure); border-left-style: dotted; }
.waterfall tr.heading td { padding-top: .8rem; color: var(--unsure); font-weight: 600; } .waterfall tr.heading.more td { color: var(--faint); font-weight: 400; }
.waterfall tr.facts td { background: var(--soft); padding: .5rem 1rem .8rem 1.6rem; display: table-cell; } .waterfall tr.facts dl { display: grid; grid-template-columns: fit-content(40%) minmax(0, 1fr); gap: .1rem 1rem; margin: 0; } .waterfall tr.facts { display: table-row; } .facts dt { overflow-wrap: anywhere; }
/* All levels together take no more than this part of the table, so that the deepest name has a column to stand in. */
.side-by-side > .scroll { container-type: inline-size; } .waterfall { --room: 20cqi; } .waterfall.expected { --room: 36cqi; } .waterfall td.name { padding-left: calc(.4rem + var(--depth) * min(.85rem, var(--room) / var(--levels))); } .indent { display: none; }
/* Where a level is a pixel or two, its number says it. */
.waterfall:not(.levels-10) td.name::before { counter-reset: level calc(var(--depth) + 1); content: counter(level); content: counter(level) / ''; color: var(--faint); font-size: .75em; margin-right: .45em; font-variant-numeric: tabular-nums; }
${LEVELS.map((levels) => `.levels-${levels} { --levels: ${levels}; }`).join(' ')}
${DEPTHS.map((depth) => `.depth-${depth}{--depth:${depth}}`).join('')}
.filter { display: grid; gap: .4rem; grid-template-columns: 1fr 1fr; margin-bottom: .5rem; } .filter input { grid-column: 1 / -1; } .filter p { grid-column: 1 / -1; margin: 0; }
input, select { font: inherit; font-size: .94em; color: inherit; background: var(--paper); border: 1px solid var(--faint); border-radius: .35rem; padding: .3rem .5rem; min-width: 0; width: 100%; }
#trace-list { max-height: min(60vh, 32rem); min-height: 2.4rem; overflow-y: auto; border: 1px solid var(--line); border-radius: .5rem; position: relative; } @media (max-width: 89.99rem) { #trace-list { max-height: 14rem; } } #trace-list .rows { position: relative; overflow: hidden; }
.option { position: absolute; inset: 0 0 auto; height: 34px; display: grid; grid-template-columns: 1.1rem 3.9rem minmax(1.6rem, 1fr) 4.9rem 4.4rem; gap: .4rem; align-items: center; padding: 0 .7rem; cursor: pointer; white-space: nowrap; overflow: hidden; font-size: .92em; border-left: 4px solid transparent; } .option > * { overflow: hidden; text-overflow: ellipsis; }
.option:hover { background: var(--soft); } .option[aria-selected=true] { background: var(--soft); border-left-color: var(--link); font-weight: 600; } .option .sign { font-weight: 700; color: var(--pass); } .option.broken .sign, .option.unwanted .sign { color: var(--fail); } .option.open .sign { color: var(--unsure); } .option.trial .sign { color: var(--faint); }
@media (max-width: 40rem) { .trace { padding: .6rem; } .waterfall tr.facts dl { grid-template-columns: minmax(0, 1fr); } .waterfall tr.facts td { padding: .5rem .6rem .8rem; } .facts dt { font-size: .9em; } .waterfall { --room: 32cqi; } .waterfall:not(.expected), .waterfall:not(.expected) tbody, .waterfall:not(.expected) thead { display: block; }
  .waterfall:not(.expected) tr:not(.heading, .facts) { display: grid; grid-template-columns: minmax(0, 1fr) auto; border-bottom: 1px solid var(--line); } .waterfall:not(.expected) tr > * { border: 0; }
  .waterfall:not(.expected) tr > .when { grid-column: 1 / -1; order: 3; padding: 0; } .waterfall:not(.expected) thead th:not(.when) { display: none; } .waterfall:not(.expected) tr.heading, .waterfall:not(.expected) tr.facts { display: block; } .waterfall:not(.expected) tr:not(.expected) td:not(.name):not(.number) { display: block; } }
`;
