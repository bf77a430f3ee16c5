import type { ContractCapture } from '../../model/contract.ts';
import type { ContractFact } from '../../model/facts/contract.ts';
import type { JudgedFinding, Subject } from '../../model/finding.ts';
import { contractFinding } from './finding.ts';
import type { ContractView } from './judged-calls.ts';

/** Why the service could not be judged, or only in part; errors make the run inconclusive. */
export function judgeContractEnvironment(view: ContractView): readonly JudgedFinding[] {
  const { capture } = view;
  if (capture.stopped !== undefined) return stopped(capture);
  return [...withoutCalls(view), ...ownErrors(view), ...strangers(capture), ...greetedWithTls(capture)];
}

function stopped({ stopped: why, service }: ContractCapture): readonly JudgedFinding[] {
  if (why === undefined || why.why === 'interrupted') return [];
  const { url } = service;
  const received: ContractFact =
    why.why === 'not-there'
      ? { kind: 'service-gone', url, reason: why.reason }
      : why.why === 'never-listened'
        ? { kind: 'service-silent-port', url, waitedMs: why.waitedMs }
        : why.why === 'not-started'
          ? { kind: 'service-not-started', reason: why.reason }
          : why.why === 'port-taken'
            ? { kind: 'service-port-taken', url }
            : {
                kind: 'service-ended',
                ...(why.code !== undefined && { code: why.code }),
                ...(why.signal !== undefined && { signal: why.signal }),
              };
  return [
    contractFinding({
      code: 'HC741',
      subject: ofService(service.name),
      facts: { expected: { kind: 'service-there', url }, received },
      affected: 1,
      of: 1,
    }),
  ];
}

const ofService = (service: string): Subject => ({ kind: 'service', service });

function withoutCalls({ capture, usual }: ContractView): readonly JudgedFinding[] {
  const { service, upstreams, exchanges, calls } = capture;
  const answered = exchanges.filter(({ status }) => status !== undefined);
  const called = upstreams.filter(({ name }) =>
    calls.some((call) => call.upstream === name && call.stranger === undefined),
  );
  const names = upstreams.map(({ name }) => name);
  if (called.length === 0) {
    // TLS that cannot be read, and calls of other hosts, are findings already.
    if (answered.length === 0 || capture.tls.length > 0) return noAnswer(capture);
    const status = mostCommon(answered.map((exchange) => exchange.status ?? 0));
    return [
      contractFinding({
        code: 'HC742',
        subject: ofService(service.name),
        facts: {
          expected: { kind: 'calls-upstream', upstreams: names },
          received: { kind: 'no-upstream-called', requests: answered.length, ...(status !== undefined && { status }) },
        },
        affected: answered.length,
        of: answered.length,
        requests: answered.map(({ id }) => id),
      }),
    ];
  }
  return upstreams
    .filter(({ name }) => (usual.get(name) ?? 0) === 0 && !called.some((one) => one.name === name))
    .filter(({ name }) => !capture.tls.includes(name))
    .map(({ name, address }) =>
      contractFinding({
        code: 'HC743',
        causes: ['not-captured'],
        subject: { kind: 'hop', caller: service.name, callee: name },
        facts: {
          expected: { kind: 'calls-upstream', upstreams: [name] },
          received: { kind: 'upstream-uncalled', upstream: name, address, called: called.map((one) => one.name) },
        },
        affected: answered.length,
        of: answered.length,
      }),
    );
}

/** It was there, and no request was answered. */
function noAnswer({ exchanges, service, tls }: ContractCapture): readonly JudgedFinding[] {
  const failure = exchanges.find((exchange) => exchange.failure !== undefined)?.failure;
  if (failure === undefined || tls.length > 0) return [];
  return [
    contractFinding({
      code: 'HC741',
      subject: ofService(service.name),
      facts: {
        expected: { kind: 'service-there', url: service.url },
        received: { kind: 'service-gone', url: service.url, reason: failure },
      },
      affected: exchanges.length,
      of: exchanges.length,
    }),
  ];
}

/** An error that no upstream caused. Where every upstream was called all the same, it is worth knowing and no more. */
function ownErrors({ capture, usual }: ContractView): readonly JudgedFinding[] {
  const healthy = capture.exchanges.filter(({ phase, status }) => phase !== 'trouble' && status !== undefined);
  const failed = healthy.filter(({ status = 0, grpcStatus = 0 }) => status >= 500 || grpcStatus > 0);
  if (failed.length === 0) return [];
  const isBlind = capture.upstreams.some(({ name }) => (usual.get(name) ?? 0) === 0);
  return [
    contractFinding({
      code: 'HC744',
      severity: isBlind ? 'error' : 'warning',
      subject: ofService(capture.service.name),
      facts: {
        expected: { kind: 'answers-well' },
        received: {
          kind: 'own-error',
          status: mostCommon(failed.map(({ status = 0 }) => status)) ?? 0,
          requests: failed.length,
          of: healthy.length,
        },
      },
      affected: failed.length,
      of: healthy.length,
      requests: failed.map(({ id }) => id),
    }),
  ];
}

function strangers({ calls, service, upstreams }: ContractCapture): readonly JudgedFinding[] {
  const byHost = Map.groupBy(
    calls.filter(({ stranger }) => stranger !== undefined),
    ({ stranger = '' }) => stranger,
  );
  const [host, strange] = [...byHost].toSorted((a, b) => b[1].length - a[1].length)[0] ?? [];
  if (host === undefined || strange === undefined) return [];
  const isBlind = upstreams.some(
    ({ name }) => !calls.some((call) => call.upstream === name && call.stranger === undefined),
  );
  return [
    contractFinding({
      code: 'HC745',
      severity: isBlind ? 'error' : 'warning',
      causes: ['unexpected-call'],
      subject: ofService(service.name),
      facts: {
        expected: { kind: 'known-upstream' },
        received: { kind: 'unknown-upstream', host, calls: strange.length },
      },
      affected: strange.length,
      of: calls.length,
    }),
  ];
}

function greetedWithTls({ tls, service }: ContractCapture): readonly JudgedFinding[] {
  return [...new Set(tls)].map((upstream) =>
    contractFinding({
      code: 'HC746',
      causes: ['not-captured'],
      subject: { kind: 'hop', caller: service.name, callee: upstream },
      facts: { expected: { kind: 'plain-upstream' }, received: { kind: 'tls-upstream', upstream } },
      affected: 1,
      of: 1,
    }),
  );
}

function mostCommon(values: readonly number[]): number | undefined {
  return [...Map.groupBy(values, (value) => value)].toSorted((a, b) => b[1].length - a[1].length)[0]?.[0];
}
