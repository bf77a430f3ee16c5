import type { Application } from '../model/application.ts';
import type { Capture } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import type { EndedErrors } from '../model/facts/ingress.ts';
import { rightStatuses } from '../model/of-request.ts';
import { allFirstPValue } from '../stats/all-first.ts';
import { inProbeOrder } from './attempts.ts';

/** An end that chance makes this rarely is an end. It accuses nothing: it only adds a time to what is reported anyway. */
const RARE = 0.001;
/** Errors that begin within so many requests were there before the run. */
const FROM_THE_START = 3;

const known = new WeakMap<Capture, EndedErrors | undefined>();

/**
 * Says when the errors of a run ended: from one request on no answer shows one, and with as many errors that is not by
 * chance. So it looks after a deploy, when an application still starts (docs/facts/bookinfo.md).
 */
export function endedErrors(capture: Capture): EndedErrors | undefined {
  if (!known.has(capture)) known.set(capture, find(capture));
  return known.get(capture);
}

function find({ application, exchanges, imported }: Capture): EndedErrors | undefined {
  // A dump does not hold the answers.
  if (imported?.requests === false) return undefined;
  const sent = inProbeOrder(exchanges.filter(({ error }) => error?.kind !== 'interrupted'));
  const wrong = sent.map((exchange) => isWrong(exchange, application));
  const errors = wrong.filter(Boolean).length;
  const last = wrong.lastIndexOf(true);
  const lastMs = sent[last]?.sentAtMs;
  const after = sent.length - last - 1;
  if (lastMs === undefined || after === 0) return undefined;
  if (allFirstPValue(errors, last + 1, sent.length) > RARE) return undefined;
  return { lastMs, errors, after, starting: wrong.indexOf(true) < FROM_THE_START };
}

/** An answer that a user would call an error. */
export function isWrong({ answer, probe }: Exchange, application: Application): boolean {
  if (answer === undefined || !rightStatuses(application, probe).includes(answer.status)) return true;
  return !answer.page.whole || answer.page.banners.length > 0;
}
