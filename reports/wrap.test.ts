import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fit, pad, wrap, wrapCommand } from './wrap.ts';

describe('wrap', () => {
  it('breaks at spaces and keeps the indent', () => {
    expect(wrap('one two three four', 15, '  do ')).toEqual(['  do one two', '     three four']);
  });

  it('keeps a URL whole, so that it can be opened', () => {
    const url = `http://host/${'x'.repeat(30)}`;
    expect(wrap(`see ${url} now`, 20)).toEqual(['see', url, 'now']);
  });

  it.each([
    'waiting for spans 12.1 s',
    'nothing came by 900 ms',
    'traced in some 12.5 %',
    'it was seen 49 of 49',
    'spans of all 72 × 7',
    'mesh is behind ± 20 ms',
  ])('keeps a number with its unit: %s', (text) => {
    const unit = /\S+ (of |× |± )?\S+$/.exec(text.replace('± ', '±'))?.[0] ?? '';
    for (let columns = 14; columns < text.length + 4; columns += 1)
      expect(
        wrap(text, columns).some((line) => line.replace('± ', '±').endsWith(unit)),
        `${columns}`,
      ).toBe(true);
  });

  it('keeps a command on one line, ready to copy, where there is room', () => {
    const text = 'open it in a browser; in a cluster: kubectl -n istio-system port-forward svc/tracing 16686:80';
    expect(wrap(text, 80, '    do  ').slice(1)).toEqual([
      '        kubectl -n istio-system port-forward svc/tracing 16686:80',
    ]);
    const more = 'run kubectl -n shop get pods, and look; or kubectl get virtualservice -A -o yaml and remove the rule';
    expect(wrap(more, 46)).toEqual([
      'run kubectl -n shop get pods, and look; or',
      'kubectl get virtualservice -A -o yaml and',
      'remove the rule',
    ]);
    expect(wrap(text, 40).every((line) => stringWidth(line) <= 40)).toBe(true);
  });

  it('breaks between a number and a word that is not a unit', () => {
    expect(wrap('seen in 72 several', 12)).toEqual(['seen in 72', 'several']);
  });

  it('fits every text, and loses only spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 20, max: 100 }), (text, columns) => {
        const lines = wrap(text, columns, '    ');
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        const bare = (some: string) => some.replace(/\s/g, '');
        expect(bare(lines.join(''))).toBe(bare(text));
      }),
    );
  });
});

describe('wrapCommand', () => {
  it('breaks between arguments, and never inside quotes', () => {
    const curl = 'curl -sS -i -H "user-agent: a b c $(openssl rand -hex 4)" -H \'x: y z\' "http://127.0.0.1/page"';
    const lines = wrapCommand(curl, 60, '    again ');
    expect(lines).toEqual([
      '    again curl -sS -i \\',
      '          -H "user-agent: a b c $(openssl rand -hex 4)" \\',
      '          -H \'x: y z\' "http://127.0.0.1/page"',
    ]);
    expect(lines.join('').replaceAll('\\', ' ').replace(/\s+/g, ' ').trim()).toBe(`again ${curl}`);
  });
});

it('fit and pad count columns as a terminal does', () => {
  expect(fit('abcdef', 4)).toBe('abc…');
  expect(fit('日本語', 5)).toBe('日本…');
  expect(pad('日', 4)).toBe('日  ');
});
