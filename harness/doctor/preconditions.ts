import type { Settings } from '../config/settings.ts';
import type { Application } from '../model/application.ts';
import type { ClusterFacts } from '../model/cluster.ts';
import { CODES } from '../model/codes.ts';
import { type Diagnosis, DOCTOR_SCHEMA, type Precondition } from '../model/doctor.ts';
import { CONTEXT_FORMATS } from '../model/exchange.ts';
import { CLOCK_TOLERANCE_MS } from '../model/limits.ts';
import { rightStatuses } from '../model/of-request.ts';
import { orList } from '../model/or-list.ts';
import { BACKEND_FACTS } from '../model/trace-backends.ts';
import { arrivals } from '../preflight/arrivals.ts';
import { clusterPreconditions } from './cluster-preconditions.ts';
import type { Examination } from './doctor.ts';
import { credentialsGiven, pageFix } from './page-fix.ts';
import { servicesKnown } from './services-known.ts';
import { backendAtIngressFix } from './swapped.ts';
import { tracesWhole } from './whole-traces.ts';
import { isBeforeSending, isUnserved, whyUnknown } from './why-unknown.ts';

/**
 * What an examination means for a run: one line per precondition, with what to do. Pure.
 * @param examination absent: the cluster is not ready, and nothing was sent.
 * @param cluster what was read of it, with `--kube`; its steps come first.
 */
export function toDiagnosis(
  examination: Examination | undefined,
  settings: Settings,
  application: Application,
  cluster?: ClusterFacts,
): Diagnosis {
  const preconditions = [
    ...(cluster === undefined ? [] : clusterPreconditions(cluster)),
    ...(examination === undefined ? [] : trafficPreconditions(examination, settings, application)),
  ];
  // A precondition is unknown because another failed, or because a run can do without it.
  const ready = examination !== undefined && preconditions.every(({ status }) => status !== 'failed');
  const { ingress, traceBackend } = settings;
  return {
    schema: DOCTOR_SCHEMA,
    ready,
    exitCode: ready ? 0 : 2,
    ingress: ingress.url.href,
    traceBackend: examination?.preflight.backendBase ?? traceBackend.url.href,
    ...(cluster !== undefined && {
      cluster: {
        context: cluster.context,
        ...(cluster.istio !== undefined && { istio: cluster.istio }),
        dataPlane: cluster.dataPlane,
        found: cluster.found,
      },
    }),
    preconditions,
  };
}

function trafficPreconditions(
  examination: Examination,
  settings: Settings,
  application: Application,
): readonly Precondition[] {
  return [
    ingressAnswers(examination),
    pageServed(examination, application, settings),
    backendAnswers(examination, settings),
    markerSearch(examination),
    clocks(examination),
    servicesKnown(examination, application),
    tracesArrive(examination, settings),
    tracesWhole(examination),
    contextFormat(examination),
    gatewayProfile(examination),
    sampling(examination, settings),
  ];
}

function ingressAnswers({ preflight: { requests, stopped } }: Examination): Precondition {
  const line = { id: 'ingress', statement: 'the ingress answers' };
  const answered = requests.filter(({ answer }) => answer !== undefined);
  const observed = `${answered.length} of ${requests.length} requests answered`;
  if (answered.length === requests.length && requests.length > 0) return { ...line, status: 'ok', observed };
  const why = requests.find(({ error }) => error !== undefined)?.error?.message ?? 'nothing was sent';
  const fix = stopped?.code === 'HC708' ? (stopped.hint ?? CODES.HC708.fix) : CODES.HC101.fix;
  return { ...line, status: answered.length === 0 ? 'failed' : 'warning', observed: `${observed}: ${why}`, fix };
}

function pageServed(examination: Examination, application: Application, settings: Settings): Precondition {
  const { requests, stopped } = examination.preflight;
  const { request } = application;
  const line = { id: 'page', statement: `the ingress serves ${request.path}` };
  const answers = requests.flatMap(({ answer, probe }) =>
    answer === undefined ? [] : [{ ...answer, isRight: rightStatuses(application, probe).includes(answer.status) }],
  );
  if (answers.length === 0) return { ...line, status: 'unknown', observed: 'the ingress does not answer' };
  if (stopped !== undefined && isUnserved(stopped))
    return {
      ...line,
      status: 'failed',
      observed: stopped.message,
      fix: backendAtIngressFix(examination, settings) ?? CODES[stopped.code].fix,
    };
  const whole = answers.filter(({ isRight, page }) => isRight && page.whole && page.banners.length === 0);
  const statuses = [...new Set(answers.map(({ status }) => status))].join(', ');
  const observed = `${whole.length} of ${answers.length} answers are the whole page (status ${statuses})`;
  if (whole.length === answers.length) return { ...line, status: 'ok', observed };
  const banner = answers.flatMap(({ page }) => page.banners)[0];
  const other = answers.find(({ isRight }) => !isRight);
  const fix =
    other !== undefined
      ? pageFix(other, settings, application)
      : banner === undefined
        ? CODES.HC104.fix
        : `${banner.service}: the page says: ${banner.text}`;
  // A run goes on, and says which hop it is.
  return { ...line, status: 'warning', observed, fix };
}

function backendAnswers(examination: Examination, settings: Settings): Precondition {
  const { preflight, backendTrouble } = examination;
  const { api, backendVersion, backendBase, stopped } = preflight;
  const line = { id: 'trace-backend', statement: 'the trace backend answers' };
  const version = backendVersion ?? 'version not reported';
  if (api !== undefined)
    return {
      ...line,
      status: 'ok',
      observed: `${BACKEND_FACTS[api].product} over ${BACKEND_FACTS[api].title}, ${version}, at ${backendBase}`,
    };
  const trouble = backendTrouble ?? stopped;
  if (trouble === undefined) return { ...line, status: 'unknown', observed: 'not asked' };
  const given = trouble.code === 'HC703' ? credentialsGiven(settings) : '';
  return {
    ...line,
    status: 'failed',
    observed: `${trouble.message}${given}`,
    fix: backendAtIngressFix(examination, settings) ?? trouble.hint ?? CODES[trouble.code].fix,
  };
}

function markerSearch({ preflight }: Examination): Precondition {
  const line = { id: 'marker-search', statement: 'traces can be searched by marker' };
  const { markerSearch: search, markerSearchReason: reason } = preflight;
  if (search === 'supported') return { ...line, status: 'ok', observed: 'by the tag user_agent' };
  if (search === 'unknown') return { ...line, status: 'unknown', observed: 'the trace backend was not reached' };
  return { ...line, status: 'warning', observed: reason ?? 'not supported', fix: CODES.HC706.fix };
}

function clocks({ preflight: { spanClock, ingressClock } }: Examination): Precondition {
  const line = { id: 'clocks', statement: 'clocks agree' };
  const clock = spanClock ?? ingressClock;
  if (clock === undefined) return { ...line, status: 'unknown', observed: 'neither a span nor a Date header shows it' };
  const of = spanClock === undefined ? 'ingress' : 'mesh';
  const observed = `${of} ${clock.offsetMs} ms from here, ± ${clock.uncertaintyMs} ms`;
  return Math.abs(clock.offsetMs) <= clock.uncertaintyMs + CLOCK_TOLERANCE_MS
    ? { ...line, status: 'ok', observed }
    : { ...line, status: 'warning', observed, fix: CODES.HC707.fix };
}

function tracesArrive({ preflight }: Examination, { flushMs }: Settings): Precondition {
  const line = { id: 'arrival', statement: 'forced-on traces arrive' };
  const { arrivalMs, stopped, api } = preflight;
  const { seen, asked, formats, unread } = arrivals(preflight);
  if (seen > 0) {
    const within = unread.length === 0 ? '' : ` in ${formats.join(', ')}`;
    const late = arrivalMs === undefined ? '' : `, the first within ${(arrivalMs / 1000).toFixed(1)} s of its answer`;
    const observed = `${seen} of ${asked} requests${within}${late} (flush ${flushMs.value / 1000} s)`;
    if (seen === asked) return { ...line, status: 'ok', observed };
    const fix =
      'spans are late or lost: look for a longer flush (--flush-interval), a full disk or dropped spans at the collector';
    return { ...line, status: 'warning', observed, fix };
  }
  if (api === undefined || isBeforeSending(preflight))
    return { ...line, status: 'unknown', observed: whyUnknown(preflight) };
  // The mesh traces them under other ids: the run goes on, and says so.
  if (stopped === undefined)
    return { ...line, status: 'warning', observed: 'under ids of the mesh only', fix: CODES.HC601.fix };
  return { ...line, status: 'failed', observed: stopped.message, fix: stopped.hint ?? CODES[stopped.code].fix };
}

function contextFormat({ preflight }: Examination): Precondition {
  const { format, api, stopped, spansSeen } = preflight;
  const line = { id: 'context-format', statement: 'the context format in use is known' };
  const isSeen = Object.keys(spansSeen).length > 0;
  if (format !== undefined && (isSeen || format.source === 'discovered'))
    return { ...line, status: 'ok', observed: `${format.value} (${format.source})` };
  if (api === undefined || stopped !== undefined)
    return { ...line, status: 'unknown', observed: whyUnknown(preflight) };
  const not = 'no trace came under the id it was sent';
  return format === undefined
    ? { ...line, status: 'warning', observed: not, fix: `set --format ${orList(CONTEXT_FORMATS)}` }
    : {
        ...line,
        status: 'warning',
        observed: `${format.value} is configured (${format.source}), and ${not}`,
        fix: 'remove --format to detect it automatically, or set it to the format the gateway uses',
      };
}

function gatewayProfile({ preflight, profileSeen }: Examination): Precondition {
  const { gatewayProfile: profile, api } = preflight;
  const line = { id: 'gateway-profile', statement: 'the gateway profile is known' };
  const inWords = (spans: number) => `${spans} gateway span${spans === 1 ? '' : 's'} a request`;
  if (profile !== undefined && profileSeen !== undefined && profile.value !== profileSeen)
    return {
      ...line,
      status: 'warning',
      observed: `${inWords(profile.value)} is configured (${profile.source}), ${profileSeen} seen`,
      fix: 'remove --gateway-profile, or set it to the number that is seen: with the wrong number a run finds every trace wrong',
    };
  if (profile !== undefined) {
    const rest = profileSeen === undefined ? '; no span of the gateway was seen whole' : '';
    return { ...line, status: 'ok', observed: `${inWords(profile.value)} (${profile.source})${rest}` };
  }
  if (api === undefined || isBeforeSending(preflight))
    return { ...line, status: 'unknown', observed: whyUnknown(preflight) };
  return {
    ...line,
    status: 'warning',
    observed: 'no span of the gateway was seen whole',
    fix: 'set --gateway-profile to 1 or 2',
  };
}

function sampling({ undecided, preflight }: Examination, settings: Settings): Precondition {
  const line = { id: 'sampling', statement: 'sampling of undecided requests is seen' };
  const configured = settings.sampling === undefined ? 'no rate configured' : `${settings.sampling.value} % configured`;
  if (undecided === undefined && (preflight.markerSearch !== 'not-supported' || isBeforeSending(preflight)))
    return { ...line, status: 'unknown', observed: whyUnknown(preflight) };
  if (undecided === undefined)
    return { ...line, status: 'warning', observed: 'such requests cannot be looked for', fix: CODES.HC706.fix };
  const observed = `${undecided.traced} of ${undecided.sent} undecided requests traced, ${configured}`;
  return settings.sampling?.value === 100 && undecided.traced < undecided.sent
    ? { ...line, status: 'warning', observed, fix: CODES.HC604.fix }
    : { ...line, status: 'ok', observed };
}
