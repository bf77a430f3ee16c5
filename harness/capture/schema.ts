import { z } from 'zod';
import { CAPTURE_ENDS, captureSchema } from '../model/capture.ts';
import { answerSchema, exchangeSchema } from '../model/exchange.ts';
import { MADE_IDS, open } from '../model/schema.ts';

// The records of a capture, one per line of the file. What they hold is described in harness/model/capture.ts.

/** Names a body by its hash. */
const bodyRef = z.string().register(MADE_IDS, { isId: true });

/** As it stands in the file: the body is a separate record, which the exchange names. */
const writtenExchange = exchangeSchema.extend({
  answer: answerSchema.extend({ body: z.string().exactOptional(), bodyRef: bodyRef.exactOptional() }).exactOptional(),
});
const { preflight, traces, fragments, incidents, changes, timings } = captureSchema.shape;
const writtenPreflight = preflight.extend({ requests: z.array(writtenExchange) });
const head = captureSchema.pick({
  ...{ schema: true, run: true, imported: true, application: true, expectations: true, configuration: true },
  ...{ cluster: true, plan: true, target: true, parts: true },
});

/** By the word in `type`. */
export const RECORDS = {
  head: open({ type: z.literal('head'), head }),
  preflight: open({ type: z.literal('preflight'), preflight: writtenPreflight }),
  body: open({ type: z.literal('body'), id: bodyRef, bytes: z.number(), text: z.string() }),
  exchange: open({ type: z.literal('exchange'), exchange: writtenExchange }),
  trace: open({ type: z.literal('trace'), trace: traces.element }),
  fragment: open({ type: z.literal('fragment'), fragment: fragments.element }),
  incident: open({ type: z.literal('incident'), incident: incidents.element }),
  changes: open({ type: z.literal('changes'), changes: changes.unwrap() }),
  end: open({ type: z.literal('end'), end: z.enum(CAPTURE_ENDS), timings }),
} as const;

/** Spans are many: a guard that is written by hand checks them (span-guard.ts). */
export const traceWithoutSpans = RECORDS.trace.extend({ trace: traces.element.omit({ spans: true }) });
export const fragmentWithoutSpans = RECORDS.fragment.extend({ fragment: fragments.element.omit({ spans: true }) });
