import type { StandingName } from '../../model/watch.ts';

/**
 * HTTP statuses of `/gate`. 412 (RFC 9110 section 15.5.13): the condition that the caller relies on does not hold. 503
 * (section 15.6.4): ask again. Flagger advances on 200 to 202 only; Argo's web metric takes everything outside of 2xx as
 * an error, and so it reads `/verdict`.
 */
export const GATE_STATUS: Readonly<Record<StandingName, 200 | 412 | 503>> = {
  pass: 200,
  fail: 412,
  inconclusive: 503,
  stale: 503,
  none: 503,
};

/**
 * HTTP statuses of `/rollback`: the other way round, because Flagger takes success of a rollback hook for "roll back".
 * Only a failure is one; a run that could not decide does not justify undoing a deploy.
 */
export const ROLLBACK_STATUS: Readonly<Record<StandingName, 200 | 412 | 503>> = {
  ...GATE_STATUS,
  pass: 412,
  fail: 200,
};
