import type { RunReport } from '../../harness/model/report.ts';
import { verdictInWords } from '../words.ts';
import { aboutCodes } from './about-codes.ts';
import { anchorsOf } from './anchors.ts';
import { mapWords, timesCaveats } from './captions.ts';
import { findingsSection } from './findings.ts';
import { SCRIPT } from './generated/script.ts';
import { STYLE } from './generated/style.ts';
import { heading, runFacts } from './heading.ts';
import { histogram } from './histogram.ts';
import { mapCard } from './map.ts';
import { matrix } from './matrix.ts';
import { pack } from './pack.ts';
import { policyOf } from './policy.ts';
import { promisesSection } from './promises.ts';
import { scatter } from './scatter.ts';
import { sensitivitySection } from './sensitivity.ts';
import { serviceTimes } from './service-times.ts';
import { type Child, h } from './shared/element.ts';
import { showRun } from './show-run.ts';
import { timeline } from './timeline.ts';
import { escapeHtml, toText } from './to-text.ts';
import { topologyGraph } from './topology-graph.ts';
import { tellingTraces, tracesSection } from './traces.ts';
import { versionsSection } from './versions.ts';

/**
 * For somebody who did not run it: one file that opens from disk or from an artifact store, needs no network, reads
 * without a script and better with one. The verdict on top, then each promise, the findings, and pictures of what was
 * seen. Without `report.detail` there are no pictures of traces.
 */
export function renderHtml(report: RunReport): string {
  const anchors = anchorsOf(report);
  const evidence = report.promises.flatMap(({ findings }) => findings.flatMap(({ evidence }) => evidence.traces));
  const run = report.detail && showRun(report.detail, new Set<string>(evidence));
  const pictures = (run && [scatter(run, report.versions?.service), histogram(run), serviceTimes(run)]) ?? [];
  // Of an imported run nobody knows how it went.
  const howItWent = report.run.imported === undefined && report.detail ? timeline(report.detail) : undefined;
  const drawn = [...pictures, howItWent].filter((picture) => picture !== undefined);
  const caveats = timesCaveats(report);
  const telling = run === undefined ? [] : tellingTraces(run, evidence);
  const sections: Child[] = [
    h(
      'div',
      { class: 'first' },
      promisesSection(report, anchors),
      h(
        'div',
        {},
        h(
          'section',
          { id: 'map' },
          h(
            'h2',
            {},
            report.run.traces === 0 && report.run.contract === undefined ? 'What was expected' : 'What was seen',
          ),
          mapCard(topologyGraph(report), mapWords(report), (finding) => anchors.of(finding)),
        ),
        findingsSection(report, anchors, new Set(telling.map(({ id }) => id))),
      ),
    ),
    matrix(report),
    run && report.detail && tracesSection(run, report.detail, telling),
    drawn.length > 0 &&
      h(
        'section',
        { id: 'times' },
        h('h2', {}, 'Times'),
        caveats !== '' && h('p', { class: 'faint' }, caveats),
        h('div', { class: 'cards' }, drawn),
      ),
    report.versions &&
      versionsSection(report.versions, report.detail?.shares, run?.versions ?? Object.keys(report.versions.counts)),
    sensitivitySection(report),
    runFacts(report),
    aboutCodes(report),
  ];
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
${toText(heading(report))}
<main>
${sections.map(toText).filter(Boolean).join('\n')}
</main>
${run === undefined ? '' : `<script type="application/json" id="run">${asData(pack(run))}</script>\n<script type="module">${SCRIPT}</script>\n`}</body>
</html>
`;
}

/** JSON that cannot end its script element, and holds no line separators (all of it is data, never run). */
function asData(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
