import type { Application } from '../../model/application.ts';

/** A request, as a route is asked whether it takes it. */
export interface AskedRequest {
  readonly method: string;
  /** Without its query: no rule that is read here looks at one. */
  readonly path: string;
  /** The Service that it must get to first. */
  readonly entry: string;
}

/** Every request of the application that routes can tell apart, in order; never empty. */
export function askedRequests({ request, requests, entry }: Application): readonly AskedRequest[] {
  const all = (requests ?? [{ ...request, entry }]).map((one) => ({
    method: one.method,
    path: withoutQuery(one.path),
    entry: one.entry ?? entry,
  }));
  return [...new Map(all.map((one) => [`${one.method} ${one.path} ${one.entry}`, one])).values()];
}

export function withoutQuery(path: string): string {
  return path.replace(/\?.*$/, '');
}
