import type { Capture } from '../model/capture.ts';
import type { Step } from '../model/cluster.ts';
import { plural } from '../model/numbers.ts';
import type { ReportedCluster } from '../model/report.ts';
import type { RunView } from './run-view.ts';

/** What was read from the cluster, with the steps of the walk-through that only traffic could check put in their places. */
export function reportCluster(view: RunView): ReportedCluster | undefined {
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

function servedStep({ capture, application }: RunView): Step {
  const { requests } = capture.preflight;
  const step = { id: 'served', title: `${application.request.path} is served` };
  const whole = requests.filter(({ answer }) => answer?.status === 200 && answer.page.whole);
  const [first] = requests;
  if (first === undefined) return { ...step, status: 'not-checked', detail: 'no request was sent' };
  if (whole.length > 0)
    return { ...step, status: 'ok', detail: `${whole.length} of ${plural(requests.length, 'request')}` };
  const received = first.answer === undefined ? (first.error?.message ?? 'no answer') : `status ${first.answer.status}`;
  return {
    ...step,
    status: 'failed',
    detail: received,
    fix: `kubectl get virtualservice,httproute,gateway -A; the gateway log says which route was taken: ${gatewayLog(capture)}`,
  };
}

/** Of a pod that the routes lead to, else of Istio's usual gateway. */
function gatewayLog({ expectations: { gateway } }: Capture): string {
  const [namespace = 'istio-system', pod = 'deploy/istio-ingressgateway'] = gateway?.value.pods[0]?.split('/') ?? [];
  return `kubectl -n ${namespace} logs ${pod}`;
}

function knownStep({ capture, application }: RunView): Step {
  const { stopped, requests, spansSeen } = capture.preflight;
  const step = { id: 'known', title: `${application.entry} is known to the trace backend` };
  if (requests.length === 0) return { ...step, status: 'not-checked', detail: 'no request was sent' };
  const traced = Object.values(spansSeen).filter((spans) => spans > 0).length;
  if (traced > 0) return { ...step, status: 'ok', detail: `${traced} of ${plural(requests.length, 'request')} traced` };
  if (stopped === undefined) return { ...step, status: 'warning', detail: 'traced, under ids of its own' };
  return {
    ...step,
    status: stopped.code === 'HC708' ? 'not-checked' : 'failed',
    detail: stopped.message,
    ...(stopped.hint !== undefined && { fix: stopped.hint }),
  };
}
