import { MAP_STYLE } from './style-map.ts';
import { PICTURE_STYLE } from './style-pictures.ts';
import { PRINT_STYLE } from './style-print.ts';
import { TRACE_STYLE } from './style-traces.ts';

/**
 * Colours, light and dark by the reader's own setting. Categories are after Okabe and Ito, darkened or lightened until
 * each stands out 3:1 from the paper; every colour has a word, a sign or a shape beside it.
 */
const COLOURS = `
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #57606a; --paper: #ffffff; --soft: #f6f8fa; --line: #d5dbe1;
  --pass: #0a6b45; --pass-soft: #e3f5ec; --fail: #b3261e; --fail-soft: #fdecea; --unsure: #7a4f01; --unsure-soft: #fdf3dc;
  --link: #0a58a8; --c0: #0072b2; --c1: #b26b00; --c2: #008261; --c3: #b0478f; --c4: #7a5ad0; --c5: #5d6b1f; --c6: #a8442a; --c7: #4a6572; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --faint: #9da7b3; --paper: #0d1117; --soft: #161b22; --line: #323943;
    --pass: #4ac28c; --pass-soft: #10281d; --fail: #ff8f86; --fail-soft: #33150f; --unsure: #e3b341; --unsure-soft: #2b2210;
    --link: #79b8ff; --c0: #58a6e8; --c1: #e8a33d; --c2: #3fc7a0; --c3: #e58ac4; --c4: #b39df3; --c5: #b9c465; --c6: #f0957b; --c7: #93aebb; }
}`;

const PAGE = `
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 1.25rem clamp(.75rem, 2.5vw, 3rem) 5rem; max-width: 118rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: anywhere; }
@media (min-width: 150rem) { html { font-size: 20px; } } @media (min-width: 220rem) { html { font-size: 26px; } }
h1 { font-size: clamp(1.15rem, .9rem + 1.1vw, 1.75rem); line-height: 1.25; margin: 0; font-weight: 650; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .8rem; } h3 { font-size: 1rem; margin: 1rem 0 .2rem; } li h3, .finding h3, figure h3 { margin: 0; } h4 { font-size: .9rem; margin: .9rem 0 .2rem; }
p { margin: .3rem 0; max-width: 75ch; } ul { margin: .3rem 0; padding-left: 1.2rem; }
a { color: var(--link); text-underline-offset: .15em; } a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .2rem; }
.faint { color: var(--faint); font-size: .92em; } code, pre { font: .86em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.mark { color: var(--fail); font-weight: 600; }
.verdict { display: flex; gap: 1rem; padding: 1.1rem 1.25rem; border-radius: .7rem; border: 1px solid var(--line); background: var(--soft); }
.verdict p { max-width: none; } .verdict .sign { margin: 0; flex: none; width: 2.9rem; height: 2.9rem; border-radius: 50%; display: grid; place-content: center; font-size: 1.6rem;
  font-weight: 700; color: var(--paper); background: var(--unsure); }
.verdict.pass { background: var(--pass-soft); border-color: var(--pass); } .verdict.pass .sign { background: var(--pass); } .verdict.pass .word { color: var(--pass); }
.verdict.fail { background: var(--fail-soft); border-color: var(--fail); } .verdict.fail .sign { background: var(--fail); } .verdict.fail .word { color: var(--fail); }
.verdict.inconclusive { background: var(--unsure-soft); border-color: var(--unsure); } .verdict.inconclusive .word { color: var(--unsure); }
.figures { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; list-style: none; padding: 0; margin: .7rem 0 0; } .figures b { font-size: 1.1em; }
.first { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 2.5rem; }
/* Promises beside the map, which are about as tall, in the order they are read; findings below both, for there may be many more of them. */
@media (min-width: 76rem) { .first { grid-template: 'promises map' auto 'findings findings' auto / minmax(0, 1.2fr) minmax(0, 1fr); } .first > div { display: contents; } .first:has(.maps.large) { grid-template: 'promises' auto 'map' auto 'findings' auto / minmax(0, 1fr); } #map { grid-area: map; } #promises { grid-area: promises; } #findings { grid-area: findings; } }
@media (min-width: 112rem) { #findings { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 1.2rem; align-items: start; } #findings > :not(article), #findings > article:only-of-type { grid-column: 1 / -1; } }
.promises { list-style: none; padding: 0; margin: 0; border: 1px solid var(--line); border-radius: .6rem; }
.promise { display: grid; grid-template-columns: 2rem minmax(0, 1fr); padding: .55rem .9rem .55rem .6rem; } .promise + .promise { border-top: 1px solid var(--line); }
.promise > .sign { font-weight: 700; text-align: center; } .promise p { margin: 0; font-size: .94em; } .promise h3 { font-weight: 600; }
.promise .status { font-weight: 700; } .promise.pass .sign, .promise.pass .status { color: var(--pass); } .promise.fail .sign, .promise.fail .status { color: var(--fail); }
.promise.unsure .sign, .promise.unsure .status { color: var(--unsure); } .promise.none .sign, .promise.none .status { color: var(--faint); }
.codes { list-style: none; padding: 0; margin: 0; font-size: .94em; } .code { font-weight: 650; text-decoration: none; } a.code { text-decoration: underline; }
.code.error { color: var(--fail); } .code.warning { color: var(--unsure); } .code.info { color: var(--faint); }
.finding { border: 1px solid var(--line); border-left: .4rem solid var(--fail); border-radius: .6rem; padding: .9rem 1.1rem 1rem; margin: 0 0 1rem; }
.finding.warning { border-left-color: var(--unsure); } .finding:target { outline: 3px solid var(--link); outline-offset: 3px; }
.finding header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; } .finding .kicker { flex-basis: 100%; margin: 0; font-size: .92em; max-width: none; } .finding h3 { font-size: 1.2rem; } .finding header p { margin: 0; }
.compare { display: grid; gap: .6rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); margin: .7rem 0; }
.compare > div { border-radius: .4rem; padding: .5rem .8rem .6rem; border: 1px solid var(--line); }
.compare .expected { background: var(--pass-soft); } .compare .received { background: var(--fail-soft); }
.compare dt { font-size: .8em; font-weight: 650; } .compare .expected dt { color: var(--pass); } .compare .received dt { color: var(--fail); } .compare dd { margin: 0; }
.finding.warning .received { background: var(--unsure-soft); } .finding.warning .received dt { color: var(--unsure); }
.cause { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; font-size: .9em; background: var(--soft); }
.remedy { border-left: 3px solid var(--link); padding-left: .7rem; } .evidence, .told { padding-left: 1.1rem; } .id { color: var(--faint); }
details summary { cursor: pointer; } .about h3 { font-size: .92rem; margin: .8rem 0 0; } .about { border-top: 1px solid var(--line); padding: .5rem 0; }
.curl { margin: .5rem 0; } pre { white-space: pre-wrap; background: var(--soft); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; margin: .4rem 0; }
button { font: inherit; font-size: .9em; color: inherit; background: var(--soft); border: 1px solid var(--faint); border-radius: .35rem; padding: .15rem .6rem; cursor: pointer; } button:hover { border-color: var(--ink); }
.copy { display: block; margin: .4rem 0 0 auto; min-width: 5rem; }
.facts { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: .2rem 1.2rem; margin: 0; } .facts dt { color: var(--faint); } .facts dd { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; font-weight: inherit; }
thead th { color: var(--faint); font-size: .88em; overflow-wrap: normal; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
bdi { unicode-bidi: isolate; }
@media (max-width: 40rem) { .verdict { padding: .9rem; gap: .7rem; } .verdict p { max-width: none; } .verdict .sign { width: 2.1rem; height: 2.1rem; font-size: 1.2rem; } .facts { grid-template-columns: minmax(0, 1fr); } .facts dd { margin-bottom: .4rem; } .id { font-size: .75em; } }
`;

/** The page's only style sheet: system fonts, nothing from outside. */
export const STYLE = `${COLOURS}${PAGE}${MAP_STYLE}${PICTURE_STYLE}${TRACE_STYLE}${PRINT_STYLE}`;
