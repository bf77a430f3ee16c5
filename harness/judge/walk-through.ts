import type { Capture } from '../model/capture.ts';
import { rightStatuses } from '../model/of-request.ts';
import type { JudgedCluster, JudgedStep } from '../model/reported-cluster.ts';
import type { RunView } from './run-view.ts';

/** What was read from the cluster, with the steps of the walk-through that only traffic could check put in their places. */
export function reportCluster(view: RunView): JudgedCluster | undefined {
  const { cluster } = view.capture;
  if (cluster === undefined) return undefined;
  const { context, istio, dataPlane, found, steps } = cluster;
  const at = steps.findIndex(({ id }) => id === 'tracing');
  return {
    context,
    ...(istio !== undefined && { istio }),
    dataPlane,
    found,
    steps:
      at < 0
        ? steps
        : [
            ...steps.slice(0, at),
            servedStep(view),
            ...steps.slice(at, at + 1),
            knownStep(view),
            ...steps.slice(at + 1),
          ],
  };
}

function servedStep({ capture, application }: RunView): JudgedStep {
  const { requests } = capture.preflight;
  const id = 'served';
  const title = { kind: 'page-served', path: application.request.path } as const;
  const whole = requests.filter(
    ({ answer, probe }) => answer?.page.whole === true && rightStatuses(application, probe).includes(answer.status),
  );
  const [first] = requests;
  if (first === undefined) return { id, status: 'not-checked', facts: { title, detail: { kind: 'no-request-sent' } } };
  if (whole.length > 0)
    return {
      id,
      status: 'ok',
      facts: { title, detail: { kind: 'requests-served', requests: whole.length, of: requests.length } },
    };
  const { answer, error } = first;
  const detail =
    answer === undefined
      ? ({ kind: 'no-answer', error: error?.message } as const)
      : ({ kind: 'request-status', status: answer.status } as const);
  return { id, status: 'failed', facts: { title, detail, fix: { kind: 'find-route', ...gatewayPod(capture) } } };
}

/** A pod that the routes lead to, else Istio's usual gateway. */
function gatewayPod({ expectations: { gateway } }: Capture): { readonly namespace: string; readonly pod: string } {
  const [namespace = 'istio-system', pod = 'deploy/istio-ingressgateway'] = gateway?.value.pods[0]?.split('/') ?? [];
  return { namespace, pod };
}

function knownStep({ capture, application }: RunView): JudgedStep {
  const { stopped, requests, spansSeen } = capture.preflight;
  const id = 'known';
  const title = { kind: 'entry-known', service: application.entry } as const;
  if (requests.length === 0)
    return { id, status: 'not-checked', facts: { title, detail: { kind: 'no-request-sent' } } };
  const traced = Object.values(spansSeen).filter((spans) => spans > 0).length;
  if (traced > 0)
    return {
      id,
      status: 'ok',
      facts: { title, detail: { kind: 'requests-traced', requests: traced, of: requests.length } },
    };
  if (stopped === undefined)
    return { id, status: 'warning', facts: { title, detail: { kind: 'traced-under-other-ids' } } };
  const { message, hint } = stopped;
  return {
    id,
    status: stopped.code === 'HC708' ? 'not-checked' : 'failed',
    facts: {
      title,
      detail: { kind: 'stated', text: message },
      ...(hint !== undefined && { fix: { kind: 'stated', text: hint } as const }),
    },
  };
}
