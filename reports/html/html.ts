import type { RunReport } from '../../harness/model/report.ts';
import { verdictInWords } from '../words.ts';
import { aboutCodes } from './about-codes.ts';
import { type Anchors, anchorsOf } from './anchors.ts';
import { mapWords, timesCaveats } from './captions.ts';
import { contents, type Place } from './contents.ts';
import { culpritSection, findingsSection } from './findings.ts';
import { SCRIPT } from './generated/script.ts';
import { STYLE } from './generated/style.ts';
import { heading, runFacts } from './heading.ts';
import { histogram } from './histogram.ts';
import { mapCard } from './map.ts';
import { matrix } from './matrix.ts';
import { pack } from './pack.ts';
import { policyOf } from './policy.ts';
import { heldSection, promisesSection } from './promises.ts';
import { scatter } from './scatter.ts';
import { sensitivitySection } from './sensitivity.ts';
import { serviceTimes } from './service-times.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { showRun } from './show-run.ts';
import { timeline } from './timeline.ts';
import { escapeHtml, toText } from './to-text.ts';
import { topologyGraph } from './topology-graph.ts';
import { tellingTraces, tracesSection } from './traces.ts';
import { versionsSection } from './versions.ts';

/**
 * For a reader who did not run it: one file that opens from disk or from an artifact store, needs no network, reads
 * without a script and better with one. The verdict on top, what to do about it and how it is known; then what does not
 * hold, and pictures of what was seen. Without `report.detail` there are no pictures of traces.
 */
export function renderHtml(report: RunReport): string {
  const anchors = anchorsOf(report);
  const evidence = report.promises.flatMap(({ findings }) => findings.flatMap(({ evidence }) => evidence.traces));
  const run = report.detail && showRun(report.detail, new Set<string>(evidence));
  const pictures = (run && [scatter(run, report.versions?.service), histogram(run), serviceTimes(run)]) ?? [];
  // An imported run does not show how it went.
  const howItWent = report.run.imported === undefined && report.detail ? timeline(report.detail) : undefined;
  const drawn = [...pictures, howItWent].filter((picture) => picture !== undefined);
  const caveats = timesCaveats(report);
  const telling = run === undefined ? [] : tellingTraces(run, evidence);
  const input = { report, anchors, drawn: new Set(telling.map(({ id }) => id as string)) };
  const nothingSeen = report.run.traces === 0 && report.run.contract === undefined;
  const sections: readonly (readonly [name: string, section: HtmlElement | undefined | false])[] = [
    ['What to do', culpritSection(input)],
    ['Promises', first(report, anchors, nothingSeen)],
    ['Findings', findingsSection(input)],
    ['Headers', matrix(report)],
    ['Traces', run && report.detail && tracesSection(run, report.detail, telling)],
    [
      'Times',
      drawn.length > 0 &&
        h(
          'section',
          { id: 'times' },
          h('h2', {}, 'Times'),
          caveats !== '' && h('p', { class: 'faint' }, caveats),
          h('div', { class: 'cards' }, drawn),
        ),
    ],
    [
      'Versions',
      report.versions &&
        versionsSection(report.versions, report.detail?.shares, run?.versions ?? Object.keys(report.versions.counts)),
    ],
    ['Sensitivity', sensitivitySection(report)],
    ['The run', runFacts(report)],
    ['Codes', aboutCodes(report)],
  ];
  const places = sections.flatMap(([name, section]): Place[] => {
    if (!section) return [];
    // Promises and the map stand side by side.
    if (section.attributes.id === undefined)
      return [
        { id: 'promises', name },
        { id: 'map', name: 'Map' },
      ];
    return [{ id: String(section.attributes.id), name }];
  });
  const title = `${verdictInWords(report)}: ${report.sentence}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policyOf(STYLE, SCRIPT))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${toText(h('title', {}, title))}
<style>${STYLE}</style>
</head>
<body>
${toText(contents([{ id: 'verdict', name: 'Verdict' }, ...places]))}
${toText(heading(report))}
<main>
${sections
  .map(([, section]) => toText(section))
  .filter(Boolean)
  .join('\n')}
</main>
${run === undefined ? '' : `<script type="application/json" id="run">${asData(pack(run))}</script>\n<script type="module">${SCRIPT}</script>\n`}</body>
</html>
`;
}

/** Failing promises, the map, and below both, folded, the promises that hold. */
function first(report: RunReport, anchors: Anchors, nothingSeen: boolean): HtmlElement {
  return h(
    'div',
    { class: 'first' },
    promisesSection(report, anchors),
    h(
      'section',
      { id: 'map' },
      h('h2', {}, nothingSeen ? 'What was expected' : 'What was seen'),
      mapCard(topologyGraph(report), mapWords(report), (finding) => anchors.of(finding)),
    ),
    heldSection(report, anchors),
  );
}

/** JSON that cannot end its script element, and holds no line separators (all of it is data, never run). */
function asData(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
