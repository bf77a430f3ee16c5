/**
 * On paper, after all other styles: black on white whatever the reader's own colours, everything open, nothing to click,
 * and nothing wider than the page, for one wide table makes Chromium print the whole document smaller.
 */
export const PRINT_STYLE = `
@media print { :root { color-scheme: light; --ink: #000; --faint: #444; --paper: #fff; --soft: #fff; --line: #bbb; --link: #000; }
  body { max-width: none; padding: 0; font-size: 11px; } .scroll { overflow: visible; } #chooser, .copy, .filter { display: none; }
  .finding, .card, .promise, .trace, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } h2 { font-size: 1.5em; } h3, .finding h3 { font-size: 1.2em; } .kind { font-size: .8em; }
  /* Without a script too, where the browser knows the name of what folds. */
  details::details-content { content-visibility: visible; }
  /* Printers leave grounds away, and white letters with them; those that do not would print red on red. */
  .verdict .sign { color: var(--unsure); border: 2px solid; background: none !important; } .verdict.pass .sign { color: var(--pass); } .verdict.fail .sign { color: var(--fail); }
  svg .tick, text.name { font-size: 13.5px; } .if-room { display: inline; } .card .times .when { display: table-cell; } .cards { columns: 2; column-gap: 1rem; } .times th[scope=row] { white-space: normal; }
  .maps { overflow: visible; max-height: none; } .map { max-width: 100%; max-height: 22cm; } .lying.on-paper { display: block !important; } .lying.on-paper + .upright { display: none !important; }
  .matrix th, .matrix td { padding: .15rem .2rem .15rem 0; } .matrix thead th { min-width: 0; overflow-wrap: anywhere; font-size: .86em; letter-spacing: -.02em; } .matrix tbody th { white-space: normal; min-width: 6.2rem; } .matrix tr > :first-child { position: static; }
  .matrix button { padding: 0 .15rem; border-color: transparent; font-size: .85em; } .matrix .lost button { color: var(--fail); background: none; border: 2px solid var(--fail); } }
`;
