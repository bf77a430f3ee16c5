import type { Application } from '../../model/application.ts';
import type { Incident } from '../../model/capture.ts';
import type { Step } from '../../model/cluster.ts';
import type { KubeAccess } from '../api/access.ts';
import type { KubeError } from '../api/kube-error.ts';
import type { Right } from '../api/rights.ts';
import type { Backing } from '../discover/backing.ts';
import type { Dialed } from './dial.ts';
import type { ClusterPlan } from './plan-cluster.ts';
import {
  applicationStep,
  injectionStep,
  NOT_CHECKED,
  permittedStep,
  routesStep,
  tracingStep,
  workloadsStep,
} from './walk-through.ts';

const TITLES = {
  api: 'the Kubernetes API answers',
  permitted: 'the rights that the run uses are there',
  injection: 'the namespace is labelled for injection',
  workloads: 'Services and workloads are there, ready, with sidecars',
  routes: 'gateway and routes are there',
  ingress: 'the ingress address is known',
  tracing: 'the trace backend is found',
} as const;

type StepId = keyof typeof TITLES;
const IDS = Object.keys(TITLES) as StepId[];

/** The walk-through as far as it has come: one root cause ends it, and what comes after is not checked. */
export class Walk {
  readonly #done = new Map<StepId, Step>();

  get steps(): readonly Step[] {
    return IDS.map((id) => this.#done.get(id) ?? { id, title: TITLES[id], ...NOT_CHECKED });
  }

  /** No step has failed. */
  get goesOn(): boolean {
    return this.#failed === undefined;
  }

  answers({ context, server }: Pick<KubeAccess, 'context' | 'server'>): void {
    this.#set('api', { status: 'ok', detail: `${context}, ${server}` });
  }

  permitted(missing: readonly Right[]): boolean {
    this.#set('permitted', permittedStep(missing));
    return this.goesOn;
  }

  /** In order, until one fails. */
  plan(
    { app, placed, tracing }: ClusterPlan,
    application: Application,
    given: { ingress: boolean; traceBackend: boolean },
  ): void {
    if (placed === undefined) {
      this.#set('workloads', applicationStep(app, application));
      return;
    }
    const { situation, ingress } = placed;
    const checks: [StepId, () => Omit<Step, 'id' | 'title'>][] = [
      ['injection', () => injectionStep(situation)],
      ['workloads', () => workloadsStep(situation)],
      ['routes', () => (given.ingress ? GIVEN : routesStep(ingress, situation.namespace, application))],
      ['ingress', () => (given.ingress ? GIVEN : NOT_CHECKED)],
      ['tracing', () => (given.traceBackend ? GIVEN : tracingStep(tracing))],
    ];
    for (const [id, check] of checks) if (this.goesOn) this.#set(id, check());
  }

  reached(id: 'ingress' | 'tracing', dialed: Dialed | undefined, { service }: Backing): void {
    const { namespace, name } = service.metadata;
    if (dialed !== undefined) {
      const before = this.#done.get(id);
      const found = id === 'tracing' && before !== undefined ? `${before.detail}, ` : '';
      // Nodes are often out of reach, and nothing is wrong then; a load balancer is there to be reached.
      const passedOver = dialed.reached.includes('not by load balancer');
      this.#set(id, {
        status: passedOver ? 'warning' : 'ok',
        detail: `${found}Service ${namespace}/${name}, ${dialed.reached}`,
        ...(passedOver && { fix: `kubectl -n ${namespace} describe service ${name}` }),
      });
      return;
    }
    const selector = Object.entries(service.spec.selector).map(([key, value]) => `${key}=${value}`);
    this.#set(id, {
      status: 'failed',
      detail: `no ready pod behind Service ${namespace}/${name}`,
      fix: `kubectl -n ${namespace} get pods -l ${selector.join(',')}`,
    });
  }

  /** The next step that is open fails. */
  fail(from: StepId, detail: string, fix: string): void {
    const open = IDS.slice(IDS.indexOf(from)).find(
      (id) => (this.#done.get(id)?.status ?? 'not-checked') === 'not-checked',
    );
    this.#set(open ?? from, { status: 'failed', detail, fix });
  }

  /** Why no run is possible. */
  stopped(error?: KubeError): Incident | undefined {
    const step = this.#failed;
    if (step === undefined) return undefined;
    const forbidden = step.id === 'permitted' || error?.kind === 'forbidden';
    return {
      code: forbidden ? 'HC721' : error === undefined ? 'HC720' : 'HC722',
      during: 'target',
      message: step.detail,
      ...(step.fix !== undefined && { hint: oneLine(step.fix) }),
      expected: step.title,
      received: step.detail,
      times: 1,
    };
  }

  get #failed(): Step | undefined {
    return this.steps.find(({ status }) => status === 'failed');
  }

  #set(id: StepId, step: Omit<Step, 'id' | 'title'>): void {
    this.#done.set(id, { id, title: TITLES[id], ...step });
  }
}

const GIVEN: Omit<Step, 'id' | 'title'> = { status: 'ok', detail: 'given by hand' };

/** A manifest is shown with the steps. */
function oneLine(fix: string): string {
  return fix.includes('\n')
    ? 'apply the Role that the walk-through shows, with the subject that hopcheck runs as'
    : fix;
}
