import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { ReportedPromise, ReportedVersions, RunReport } from '../harness/model/report.ts';
import { STYLE } from './html-style.ts';
import { safeText } from './safe-text.ts';
import { STATUS_WORDS, seconds, shareInWords, subjectInWords, verdictInWords, waiverInWords } from './words.ts';

/** Nothing is loaded and nothing runs: the page holds data of other people's making (CSP Level 3, §6.1). */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
/** Versions in order of the probes; more is said, not shown. */
const SEQUENCE_SHOWN = 120;

/**
 * For somebody who did not run it: one file that opens from disk, needs no network and no script, and reads in light and
 * dark. The verdict on top, then each promise with what was observed and what is wrong, hops and versions in tables.
 */
export function renderHtml(report: RunReport): string {
  const { verdict, sentence, exitCode, run, timings, promises } = report;
  const { ingress, traceBackend } = run.target;
  const times = `preflight ${seconds(timings.preflightMs)} · probing ${seconds(timings.probeMs)} · waiting for spans ${seconds(timings.settleMs)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(`${verdictInWords(report)}: ${sentence}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="verdict ${verdict}">
<h1><span class="word">${verdictInWords(report)}</span> ${html(sentence)}</h1>
<p class="faint">exit ${exitCode} · run ${html(run.id)} · ${html(run.startedAt)} · ${html(ingress)} · traces from ${html(traceBackend.url)}</p>
<p class="faint">${run.probes} probes · ${run.traces} traces · ${times}</p>
</header>
<main>
<h2>Promises</h2>
${promises.map(promiseSection).join('\n')}
${hopsTable(report)}
${report.versions === undefined ? '' : versionsTable(report.versions)}
</main>
</body>
</html>
`;
}

function promiseSection({ id, title, status, observed, reason, findings }: ReportedPromise): string {
  const tone = status === 'pass' ? 'pass' : status === 'fail' ? 'fail' : 'unsure';
  const why = reason === undefined ? '' : `<p>${html(reason)}</p>`;
  const standing = findings.filter(({ explainedBy }) => explainedBy === undefined);
  const explained = findings.filter(({ explainedBy }) => explainedBy !== undefined);
  return `<section class="promise" id="${id}">
<h3><span class="word ${tone}">${STATUS_WORDS[status]}</span> ${html(id)}: ${html(title)}</h3>
<p class="faint">${html(observed)}</p>${why}
${standing.map((finding) => findingBlock(finding, id)).join('\n')}
${explained.map(explainedLine).join('\n')}
</section>`;
}

function findingBlock(finding: Finding, promise: string): string {
  const { code, severity, expected, received, causes, remedy, evidence, subject } = finding;
  if (severity === 'info') return `<p class="faint">${code} · ${html(subjectInWords(subject))}: ${html(received)}</p>`;
  const row = (name: string, value: string) => `<dt>${name}</dt><dd>${value}</dd>`;
  const links = evidence.links.map((link) => traceLink(link)).join('<br>');
  return `<article class="finding ${severity}" id="${promise}-${code}">
<h3>${code} · ${html(subjectInWords(subject))} · ${html(CODES[code].title)} · ${shareInWords(finding)}</h3>
<dl>
${finding.waived === undefined ? '' : row('waived', html(waiverInWords(finding.waived)))}
${row('expected', html(expected))}
${row('received', html(received))}
${causes.length === 0 ? '' : row('cause', causes.join(' or '))}
${row('do', html(remedy))}
${links === '' ? '' : row('traces', links)}
${evidence.curl === undefined ? '' : row('again', `<pre>${html(evidence.curl, 2000)}</pre>`)}
</dl>
</article>`;
}

function explainedLine({ code, subject, explainedBy }: Finding): string {
  const by = explainedBy === undefined ? '' : `${explainedBy.code} ${subjectInWords(explainedBy.subject)}`;
  return `<p class="faint">${code} · ${html(subjectInWords(subject))}: ${html(CODES[code].title)} — follows from ${html(by)}</p>`;
}

/** Only what is a web address becomes a link. */
function traceLink(link: string): string {
  return /^https?:\/\//.test(link) ? `<a href="${html(link)}" rel="noreferrer">${html(link)}</a>` : html(link);
}

function hopsTable({ hops }: RunReport): string {
  const rows = hops.map(({ caller, callee, seen, expected }) => {
    const tone = expected === 0 ? 'unsure' : seen === expected ? 'pass' : 'fail';
    const word = expected === 0 ? 'not seen' : seen === expected ? 'whole' : 'broken';
    return `<tr><td>${html(caller)} → ${html(callee)}</td><td><span class="word ${tone}">${word}</span></td><td class="number">${seen} of ${expected}</td></tr>`;
  });
  return `<h2>Hops</h2>
<table><thead><tr><th>hop</th><th>state</th><th class="number">traces with both halves</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

function versionsTable({ service, counts, attempts, unit, sequence }: ReportedVersions): string {
  const rows = Object.entries(counts).map(([version, served]) => {
    const percent = attempts === 0 ? 0 : (100 * served) / attempts;
    const bar = `<svg role="img" aria-label="${percent.toFixed(0)} percent" viewBox="0 0 100 4" preserveAspectRatio="none"><rect class="track" width="100" height="4"/><rect class="bar" width="${percent.toFixed(1)}" height="4"/></svg>`;
    return `<tr><td>${html(version)}</td><td>${bar}</td><td class="number">${served} of ${attempts}</td></tr>`;
  });
  const more = sequence.length - SEQUENCE_SHOWN;
  const order = sequence
    .slice(0, SEQUENCE_SHOWN)
    .map((version) => html(version, 12))
    .join(' ');
  return `<h2>Versions of ${html(service)}</h2>
<table><thead><tr><th>version</th><th>share</th><th class="number">${unit}</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
<p class="faint">in order: <code>${order}${more > 0 ? ` … ${more} more` : ''}</code></p>`;
}

/** Everything from outside is text: made harmless first, then escaped for elements and attributes. */
function html(text: string, longest?: number): string {
  return safeText(text, longest)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
