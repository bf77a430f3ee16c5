import { onceOf } from '../model/once-of.ts';
import type { RequestKind } from './request.ts';

interface OfKind {
  readonly kind?: RequestKind;
}

/** Asks of each kind the first request alone; the answer must depend on nothing that a kind leaves open. */
export function onceOfKind<Of extends OfKind, Answer>(ask: (request: Of) => Answer): (request: Of) => Answer {
  return onceOf(({ kind }) => kind, ask);
}

/** Of each kind the first request, and all that have none, in their order. */
export function oneOfEach<Of extends OfKind>(requests: Iterable<Of>): readonly Of[] {
  return countKinds(requests).map(({ request }) => request);
}

/** The same, with how many of the requests each stands for. */
export function countKinds<Of extends OfKind>(
  requests: Iterable<Of>,
): readonly { readonly request: Of; readonly times: number }[] {
  const places = new Map<RequestKind, { readonly request: Of; times: number }>();
  const counted: { readonly request: Of; times: number }[] = [];
  for (const request of requests) {
    const { kind } = request;
    const known = kind === undefined ? undefined : places.get(kind);
    if (known !== undefined) {
      known.times += 1;
      continue;
    }
    const first = { request, times: 1 };
    counted.push(first);
    if (kind !== undefined) places.set(kind, first);
  }
  return counted;
}
