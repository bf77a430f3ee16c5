import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tracing } from '../../../fixtures/contract/tracer.ts';
import { compareValues } from './compare-values.ts';
import { FORMS, type Form } from './forms.ts';
import { ALWAYS_WATCHED } from './headers.ts';
import { newIdentity, type Pairs, usualHeaders } from './identity.ts';
import { viewContract } from './judged-calls.ts';
import { countingHex, type Made, madeCapture, withCalls } from './testing.ts';

/** Three requests alone, then one of this form, with what the service makes of them. */
function wrongOf(form: Form, make: Made): readonly string[] {
  const random = countingHex();
  const alone = ['c001', 'c002', 'c003'].map((id) => ({
    id,
    phase: 'alone' as const,
    headers: pairsOf(usualHeaders(ALWAYS_WATCHED, newIdentity(random))),
    ...{ sentMs: 0, answeredMs: 10, status: 200 },
  }));
  const one = {
    id: 'c004',
    phase: 'forms' as const,
    form: form.id,
    headers: pairsOf(form.headers(newIdentity(random))),
    ...{ sentMs: 0, answeredMs: 10, status: 200 },
  };
  const capture = withCalls({ ...madeCapture(), watched: ALWAYS_WATCHED, exchanges: [...alone, one] }, make);
  return viewContract(capture)
    .calls.filter(({ exchange }) => exchange.id === 'c004')
    .flatMap(({ wrong }) => wrong.map(({ header, outcome }) => `${header} ${outcome}`));
}

const pairsOf = (pairs: Pairs) => pairs.map(([name, value]) => [name, value] as const);
/** As servers hand values on. */
const trimmed: Made = (headers) => headers.map(([name, value]) => [name.toLowerCase(), value.trim()]);
const traced: Made = (headers) =>
  tracing()({
    headers: trimmed(headers),
    ...{ upstream: 'stock', attempt: 1, redirects: 0, isLate: false, isKept: false },
  });

describe('a row of the table', () => {
  it('has an id that no other has, and a source', () => {
    expect(new Set(FORMS.map(({ id }) => id)).size).toBe(FORMS.length);
    for (const { spec } of FORMS) expect(spec.length).toBeGreaterThan(5);
  });

  it.each(FORMS)('$id is right where the service copies it, and where its tracer continues it', (form) => {
    expect({ copied: wrongOf(form, trimmed), traced: wrongOf(form, traced) }).toEqual({ copied: [], traced: [] });
  });

  it.each(FORMS.filter(({ id }) => !id.endsWith(' absent')))(
    '$id may be dropped only where it is not well formed',
    (form) => {
      const dropped = wrongOf(form, (headers) => headers.filter(([name]) => name.toLowerCase() !== form.header));
      expect(dropped.length > 0).toBe(form.isWellFormed);
    },
  );
});

describe('what a service that copies made of a header', () => {
  const id = '0af7651916cd43dd8448eb211c80319c';
  it.each([
    { header: 'tracestate', sent: ['a=1'], got: ['a=1'], outcome: 'unchanged' },
    { header: 'tracestate', sent: ['a=1', 'b=2'], got: ['a=1,b=2'], outcome: 'allowed', how: 'joined' },
    { header: 'tracestate', sent: ['a=1', 'b=2'], got: ['b=2'], outcome: 'changed', how: 'one-of-several' },
    { header: 'tracestate', sent: ['a=1'], got: [''], outcome: 'changed', how: 'emptied' },
    { header: 'tracestate', sent: ['a=1'], got: [], outcome: 'dropped' },
    { header: 'tracestate', sent: [], got: ['a=1'], outcome: 'invented' },
    { header: 'x-b3-traceid', sent: [id], got: [id.toUpperCase()], outcome: 'allowed', how: 'id-case' },
    {
      header: 'x-b3-traceid',
      sent: [id.slice(16)],
      got: [id.slice(16).padStart(32, '0')],
      outcome: 'allowed',
      how: 'zero-padded',
    },
    { header: 'x-b3-traceid', sent: [id], got: [id.slice(16)], outcome: 'changed', how: 'truncated' },
    { header: 'x-b3-traceid', sent: [id], got: [id.slice(16).padStart(32, '0')], outcome: 'changed', how: 'truncated' },
    { header: 'x-b3-sampled', sent: ['1'], got: ['0'], outcome: 'changed', how: 'sampled-changed' },
    {
      header: 'traceparent',
      sent: [`00-${id}-00f067aa0ba902b7-01`],
      got: [`00-${id}-00f067aa0ba902b7-00`],
      outcome: 'changed',
      how: 'sampled-changed',
    },
    {
      header: 'traceparent',
      sent: [`00-${id}-00f067aa0ba902b7-01`],
      got: [`00-${id}-00F067AA0BA902B7-01`],
      outcome: 'changed',
      how: 're-cased',
    },
    {
      header: 'traceparent',
      sent: [`00-${id}-00f067aa0ba902b7-01`],
      got: [`00-${id.slice(16)}-00f067aa0ba902b7-01`],
      outcome: 'changed',
      how: 'truncated',
    },
    {
      header: 'traceparent',
      sent: [`00-${id}-00f067aa0ba902b7-01`],
      got: [`00-${'b'.repeat(32)}-00f067aa0ba902b7-01`],
      outcome: 'changed',
      how: 'other-trace',
    },
  ])('$header $sent as $got is $outcome $how', ({ header, sent, got, outcome, how }) => {
    expect(compareValues(header, sent, got)).toEqual({ outcome, ...(how !== undefined && { how }) });
  });

  it('is unchanged for any value, and never a crash', () => {
    const values = fc.array(fc.string());
    const header = fc.constantFrom(...ALWAYS_WATCHED);
    fc.assert(
      fc.property(header, values, values, (name, sent, got) => {
        compareValues(name, sent, got);
        return sent.length === 0 || compareValues(name, sent, sent).outcome === 'unchanged';
      }),
    );
  });
});
