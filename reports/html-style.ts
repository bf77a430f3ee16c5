/** The page's only style sheet: system fonts, light and dark by the reader's own setting, nothing from outside. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #59636e; --paper: #ffffff; --line: #d1d9e0; --soft: #f6f8fa;
  --pass: #0a6847; --fail: #b3261e; --unsure: #7a4f01; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --faint: #9aa4af; --paper: #0d1117; --line: #30363d; --soft: #161b22;
    --pass: #4ac28c; --fail: #ff8a80; --unsure: #e3b341; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0; }
.verdict { border: 1px solid var(--line); border-left: .5rem solid var(--unsure); border-radius: .4rem; padding: 1rem; background: var(--soft); }
.verdict.pass { border-left-color: var(--pass); } .verdict.fail { border-left-color: var(--fail); }
.word { font-weight: 700; } .pass .word, .word.pass { color: var(--pass); } .fail .word, .word.fail { color: var(--fail); }
.word.unsure { color: var(--unsure); }
.faint { color: var(--faint); font-size: .9rem; }
section.promise { border-top: 1px solid var(--line); padding: .8rem 0; }
section.promise > p { margin: .2rem 0; }
.finding { margin: .7rem 0 0; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .4rem; }
.finding.error { border-left: .3rem solid var(--fail); } .finding.warning { border-left: .3rem solid var(--unsure); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0 0; }
dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
code { font: .85em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .8rem/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: .8rem; } rect.track { fill: var(--line); } rect.bar { fill: var(--faint); }
a { color: inherit; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
@media print { body { max-width: none; } }
`;
