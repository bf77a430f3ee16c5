import { ROOMS } from './map.ts';

/**
 * The map: upright, unless the card is wide enough for the lying one. Its letters follow those of the page; what is too
 * large for its place scrolls instead of becoming small.
 */
export const MAP_STYLE = `
.maps { container-type: inline-size; overflow: auto; max-height: max(85vh, 46rem); margin: .2rem 0 .7rem; } .lying { display: none; } .upright { display: block; }
.map { height: auto; margin: .3rem auto; } .map.right { max-width: 100%; }
${ROOMS.map((room) => `@container (min-width: ${room}rem) { .lying.room-${room} { display: block; } .lying.room-${room} + .upright { display: none; } }`).join('\n')}
.map .box { fill: var(--soft); stroke: var(--faint); } .map .says, .map .hop text { font-variant-numeric: tabular-nums; } .map .says { fill: var(--faint); }
.map .service.broken .box { stroke: var(--fail); stroke-width: 2.5; stroke-dasharray: 5 3; fill: var(--fail-soft); } .map .service.broken .says { fill: var(--fail); font-weight: 600; }
.map .service.suspect .box { stroke: var(--unsure); stroke-width: 2.5; fill: var(--unsure-soft); } .map .service.suspect .says { fill: var(--unsure); font-weight: 600; }
.map .wire { stroke: var(--faint); } .map .tip { fill: var(--faint); } .map .pill { fill: var(--paper); stroke: var(--faint); }
.map .whole .wire { stroke: var(--pass); } .map .whole .tip { fill: var(--pass); } .map .whole .pill { stroke: var(--pass); } .map .hop.whole text { fill: var(--pass); }
.map .hop.broken .wire { stroke: var(--fail); stroke-width: 3; } .map .hop.broken .tip { fill: var(--fail); } .map .hop.broken .pill { stroke: var(--fail); stroke-width: 2; fill: var(--fail-soft); } .map .hop.broken text { fill: var(--fail); font-weight: 700; }
.map .suspect .wire, .map .unexpected .wire { stroke: var(--unsure); } .map .suspect .tip, .map .unexpected .tip { fill: var(--unsure); } .map .hop.suspect text, .map .hop.unexpected text { fill: var(--unsure); } .map .suspect .pill, .map .unexpected .pill { stroke: var(--unsure); }
.map .hop.unseen text { fill: var(--faint); }
.map a:hover .pill, .map a:focus-visible .pill, .map a:hover .box { stroke-width: 3; }
.of-map .sign { color: var(--faint); } .of-map.whole .sign { color: var(--pass); } .of-map.broken .sign { color: var(--fail); } .of-map:is(.suspect, .unexpected) .sign { color: var(--unsure); }
`;
