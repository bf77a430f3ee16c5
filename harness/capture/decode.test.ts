import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { judge } from '../judge/judge.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { Capture } from '../model/capture.ts';
import { makePlan } from '../probe/plan.ts';
import { decodeCapture } from './decode.ts';
import { BODY_CAP_BYTES, CaptureEncoder } from './encode.ts';
import type { CapturePart } from './part.ts';
import { CaptureError } from './part.ts';

let parts: CapturePart[];
let capture: Capture;
let text: string;
beforeAll(async () => {
  parts = [];
  await using lab = await startStandin(labOptions({ clock: new SimulatedClock(), network: 'memory' }));
  capture = await surveyLab(lab, {
    plan: makePlan(33),
    onPart: (part) => parts.push(part),
  });
  const encoder = new CaptureEncoder();
  text = parts.map((part) => encoder.encode(part)).join('');
});

function line(type: string): string {
  return text.split('\n').find((candidate) => candidate.startsWith(`{"type":"${type}"`)) ?? '';
}

describe('a capture', () => {
  it('reads as it was written', () => {
    expect(decodeCapture(text)).toEqual(JSON.parse(JSON.stringify(capture)));
    expect(capture.end).toBe('complete');
  });

  it('is readable wherever it is cut, and is never whole then', () => {
    const head = line('head').length + 1;
    const cuts: number[] = [];
    for (let end = text.indexOf('\n', head); end >= 0 && end < text.length - 1; end = text.indexOf('\n', end + 1))
      cuts.push(end, end + 1, end + 2);
    for (const at of cuts) expect(decodeCapture(text.slice(0, at)).end).toBe('cut');
    fc.assert(
      fc.property(fc.integer({ min: head, max: text.length - 2 }), (at) => {
        expect(decodeCapture(text.slice(0, at)).end).toBe('cut');
      }),
    );
  });

  it('of a run that passed is never a pass after it is cut', () => {
    expect(judge(decodeCapture(text)).verdict).toBe('pass');
    const lineEnds = [...text.matchAll(/\n/g)].map(({ index }) => index).filter((at) => at < text.length - 1);
    const head = line('head').length + 1;
    const between = fc.sample(fc.integer({ min: head, max: text.length - 2 }), { numRuns: 50, seed: 1 });
    for (const at of [...lineEnds, ...between]) {
      const { verdict, promises } = judge(decodeCapture(text.slice(0, at)));
      expect(verdict, `cut at ${at}`).not.toBe('pass');
      expect(promises[0]?.findings.map(({ code }) => code)).toContain('HC711');
    }
  });

  it('is not valid without its first line', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: line('head').length - 1 }), (at) => {
        expect(() => decodeCapture(text.slice(0, at), 'x.capture')).toThrow(/x\.capture/);
      }),
    );
  });

  it('keeps equal bodies once', () => {
    // A page of each version.
    expect(text.match(/<title>/g)?.length).toBeLessThanOrEqual(3);
    expect(decodeCapture(text).exchanges.every(({ answer }) => answer?.body.includes('<title>'))).toBe(true);
  });

  it('cuts a body at a whole character', () => {
    const exchange = capture.exchanges[0]!;
    const body = 'é'.repeat(BODY_CAP_BYTES);
    const long = { ...exchange, answer: { ...exchange.answer!, body } };
    const encoded = `${line('head')}\n${new CaptureEncoder().encode({ type: 'exchange', exchange: long })}`;
    const kept = decodeCapture(encoded).exchanges[0]?.answer?.body ?? '';
    expect(kept).toBe('é'.repeat(BODY_CAP_BYTES / 2));
  });

  it('is refused with the number of the line that does not fit', () => {
    const broken = (type: string, from: string, to: string) => () => {
      const whole = line(type);
      expect(whole).toContain(from);
      return decodeCapture(`${line('head')}\n${whole.replace(from, to)}\n`, 'x');
    };
    expect(broken('trace', '"startMicros":', '"startMicros":"now","was":')).toThrow(
      'x, line 2: trace.spans[0].startMicros: expected a number',
    );
    expect(broken('trace', '"polls":', '"polls":"1","was":')).toThrow(/x, line 2: trace\.polls: /);
    expect(broken('end', '"complete"', '"done"')).toThrow(/x, line 2: end: /);
    expect(() => decodeCapture(`${line('head')}\nnot json\n${line('end')}\n`, 'x')).toThrow('x, line 2: not JSON');
    expect(() => decodeCapture(line('head').replace('capture@1', 'capture@9'))).toThrow('hopcheck/capture@9');
  });

  it.each([
    ['purposes alone', [{ purpose: 'forced-on' }, { purpose: 'undecided' }], undefined],
    ['a request by name', [{ purpose: 'forced-on' }, { purpose: 'forced-on', request: 'home' }], undefined],
    ['no probes', [], undefined],
    [
      'a purpose that there is not',
      [{ purpose: 'forced-on' }, { purpose: 'maybe' }],
      /x, line 1: head\.plan\.1\.purpose: /,
    ],
    ['no purpose', [{}], /x, line 1: head\.plan\.0\.purpose: /],
    ['no list', { purpose: 'forced-on' }, /x, line 1: head\.plan: /],
  ])('has a plan of %s, which is held to the schema', (_, plan, refused) => {
    const head = JSON.parse(line('head')) as { head: { plan: unknown } };
    head.head.plan = plan;
    const read = () => decodeCapture(`${JSON.stringify(head)}\n`, 'x').plan;
    if (refused === undefined) expect(read()).toEqual(plan);
    else expect(read).toThrow(refused);
  });

  it('may have records of a newer version, which are ignored', () => {
    expect(decodeCapture(text.replace('\n', '\n{"type":"weather","sun":true}\n')).end).toBe('complete');
  });

  it('gives a CaptureError for any other content', () => {
    const lines = text.split('\n');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lines.length - 2 }), fc.json(), (at, json) => {
        const changed = lines.with(
          at,
          `{"type":${JSON.stringify(JSON.parse(lines[at]!).type)},"${JSON.parse(lines[at]!).type}":${json}}`,
        );
        try {
          decodeCapture(changed.join('\n'));
        } catch (error) {
          expect(error).toBeInstanceOf(CaptureError);
        }
      }),
    );
  });
});
