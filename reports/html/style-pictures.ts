const CATEGORIES = [0, 1, 2, 3, 4, 5, 6, 7];

/** Map, charts, matrix and shares. Fill and stroke by class; the attributes in the pictures are for viewers without styles. */
export const PICTURE_STYLE = `
svg { display: block; } svg text { fill: var(--ink); } svg.picture { width: 100%; height: auto; max-width: 30rem; margin: 0 auto; }
/* Letters are in units of the picture: about 10 px in the narrowest card, never larger than a heading in the widest. */
svg .tick, text.name { font-size: 13px; } svg .tick { fill: var(--faint); }
@container card (max-width: 21.5rem) { svg .tick, text.name { font-size: 16.5px; } .if-room, .card .times .when { display: none; } }
/* Columns, not rows: a tall picture leaves nothing empty beside it. */
@media (min-width: 58rem) { .cards { columns: 2; } } @media (min-width: 112rem) { .cards { columns: 4; } } .cards { column-gap: 1.2rem; } .cards > .card { break-inside: avoid; margin-bottom: 1.2rem; }
.card { container: card / inline-size; margin: 0; border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1.1rem; min-width: 0; } .card figcaption p { margin: .1rem 0 .5rem; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; list-style: none; padding: 0; margin: .2rem 0 .5rem; font-size: .9em; } .legend li { display: flex; align-items: center; gap: .3rem; }
.grid { stroke: var(--line); stroke-width: 1; } .axis { stroke: var(--faint); } .median { stroke: var(--ink); stroke-width: 1.5; } text.name { font-weight: 600; }
.points [data-point] { cursor: pointer; } .ring { stroke: var(--fail); stroke-width: 1.5; pointer-events: none; }
.mark-of.vx { stroke: var(--faint); fill: none; } .track { fill: var(--line); opacity: .55; } rect.total { fill-opacity: .25; stroke: var(--of, var(--faint)); stroke-width: 1.5; vector-effect: non-scaling-stroke; } .whisker, path.expected { stroke: var(--ink); } .whisker { stroke-width: 1.5; }
.phase { fill: var(--soft); } .phase.probing { fill: var(--line); opacity: .45; } .curve { stroke-width: 2; } .curve.sent { stroke: var(--c0); } .curve.answered { stroke: var(--c1); } .curve.arrived { stroke: var(--c2); } .curve.changed { stroke: var(--c3); }
.whole { white-space: nowrap; } .times { width: 100%; } .times td.when { width: 40%; min-width: 5rem; } .card .times td, .card .times th { padding-right: .5rem; font-size: .92em; } .times tr > :last-child { padding-right: 0 !important; } .times th[scope=row] { white-space: nowrap; }
.strip { width: 100%; } .strip th { white-space: nowrap; width: 1%; } .strip th, .times th[scope=row] { max-width: 14rem; overflow: hidden; text-overflow: ellipsis; } .strip td { padding: .2rem 0; border: 0; } .strip th { border: 0; } .lane { background: var(--soft); }
.matrix td, .matrix th { padding: .25rem .5rem .25rem 0; } .matrix thead th { vertical-align: bottom; min-width: 5.7rem; max-width: 8rem; } .matrix thead code { overflow-wrap: anywhere; font-size: .8em; } .matrix tbody th { white-space: nowrap; }
/* Which hop a cell is of stays in sight where the table scrolls. */
.matrix tr > :first-child { position: sticky; left: 0; background: var(--paper); z-index: 1; }
@media (max-width: 40rem) { .card { padding: .7rem; } .matrix tbody th { white-space: normal; min-width: 9.5rem; } .card .times th[scope=row] { white-space: normal; } .times td.when { width: 25%; min-width: 3rem; } .times td, .times th { padding-right: .5rem; } }
@media (max-width: 22.5rem) { .card { padding: .5rem; } }
.matrix button { width: 100%; white-space: nowrap; font-weight: 600; text-align: left; background: var(--paper); } .matrix .kept button { color: var(--pass); border-color: var(--pass); }
.matrix .lost button { color: var(--paper); background: var(--fail); border-color: var(--fail); } .matrix .changed button { color: var(--fail); background: var(--fail-soft); border: 2px dashed var(--fail); } .matrix .not-observable button { color: var(--faint); font-weight: 400; }
.why { border: 1px solid var(--line); border-left: .4rem solid var(--faint); border-radius: .5rem; padding: .8rem 1.1rem; background: var(--paper); color: var(--ink); max-width: min(38rem, 92vw); box-shadow: 0 .5rem 2rem #0005; } .why.lost, .why.changed { border-left-color: var(--fail); } .why.kept { border-left-color: var(--pass); } .why p { margin: 0; }
${CATEGORIES.map((n) => `.s${n} { --of: var(--c${n}); }`).join(' ')}
${CATEGORIES.slice(0, 6)
  .map((n) => `.v${n} { --of: var(--c${n}); }`)
  .join(' ')}
.bar, .mark-of:not(.vx), rect.total { fill: var(--of, var(--faint)); }
`;
