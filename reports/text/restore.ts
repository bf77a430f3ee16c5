import type { IngressFact } from '../../harness/model/facts/ingress.ts';
import type { CallAnswer, OutageCause } from '../../harness/model/facts/values.ts';
import { durationText, statusText } from './values.ts';

type Restore = Extract<IngressFact, { kind: 'restore-service' }>;

/** The advice about a service whose calls fail: one text per cause, and for a service that is not reached per flag. */
export function restoreText(fact: Restore): string {
  return TEXTS[fact.cause](fact);
}

const TEXTS: Readonly<Record<OutageCause, (fact: Restore) => string>> = {
  'callee-unreachable': ({ callee, caller, answer }) => {
    const flags = answer?.flags ?? [];
    if (flags.includes('NR') || flags.includes('NC'))
      return `correct the route of the call: the VirtualService or DestinationRule of ${callee} names a host or subset that does not exist (istioctl analyze)`;
    if (flags.includes('UH'))
      return `give ${callee} a ready pod: compare kubectl get endpoints ${callee} with the selector of the Service and the readiness of its pods`;
    return `see with kubectl get pods whether the pods of ${callee} run and their istio-proxy is ready; if so, look for a NetworkPolicy or a port that keeps ${caller} from connecting`;
  },
  'callee-down': ({ callee }) =>
    `start the application of ${callee}: its sidecar answers, and nothing listens behind it (kubectl logs of the pod; targetPort of the Service against the port that the application opens)`,
  'callee-closed': ({ callee }) =>
    `read the log of ${callee} at these times: it accepted connections and closed them without an answer. Either it crashes, or it closes idle connections that its sidecar still uses: then set its keep-alive timeout above the idle timeout of the sidecar (1 h by default)`,
  'callee-slow': ({ callee, caller, failure }) => {
    const late = failure?.lateMs;
    const limit = late === undefined ? 'its timeout' : `its timeout above ${durationText(late)}`;
    return `find out why ${callee} is slow (its log, its CPU limit, what it waits for), or have ${caller} raise ${limit}`;
  },
  'caller-cancelled': ({ caller, callee }) =>
    `see in the log of ${caller} why it ends its calls of ${callee} early. It may cancel them because another call failed. Or its proxy was held up (CPU limit of istio-proxy, load of the node), and sent them after ${caller} had given up`,
  'callee-error': ({ callee, answer }) =>
    `read the log of ${callee} for the requests that it answered ${errorText(answer)}: kubectl logs of its pods`,
};

function errorText(answer: CallAnswer | undefined): string {
  const status = answer === undefined ? undefined : statusText(answer);
  return answer?.grpcStatus === undefined ? (status ?? 'with an error') : `with ${status}`;
}
