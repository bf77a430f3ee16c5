import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, duration, header, host, integer, shares, size, url } from './values.ts';

describe('duration', () => {
  it.each([
    ['500ms', 500],
    ['5s', 5000],
    ['2m', 120_000],
    ['1.5s', 1500],
    [' 60m ', 3_600_000],
    ['1.5h', 5_400_000],
    ['24h', 86_400_000],
  ])('reads %j as %d ms', (text, ms) => expect(duration.parse(text)).toBe(ms));

  it.each(['10', '0s', '-1s', '1441m', '25h', '5 s', '5d', 's', '', '1e3ms'])('refuses %j', (text) =>
    expect(duration.safeParse(text).success).toBe(false),
  );
});

describe('size', () => {
  it.each([
    ['32MiB', 32 * 1024 * 1024],
    ['1MB', 1_000_000],
    ['2kB', 2000],
    ['1GiB', 2 ** 30],
    ['500', 500],
    ['500B', 500],
  ])('reads %j as %d bytes', (text, bytes) => expect(size.parse(text)).toBe(bytes));

  it.each(['0', '2GiB', '1.5MiB', '32XB', '-1', ''])('refuses %j', (text) =>
    expect(size.safeParse(text).success).toBe(false),
  );
});

describe('numbers', () => {
  it.each(['0', '10001', '1.5', '1e2', '0x10', '', ' ', 'NaN', '-1'])('integer(1, 10000) refuses %j', (text) =>
    expect(integer(1, 10_000).safeParse(text).success).toBe(false),
  );

  it('integer and decimal take both ends of a range', () => {
    expect(integer(1, 10_000).parse('1')).toBe(1);
    expect(integer(1, 10_000).parse('10000')).toBe(10_000);
    expect(decimal(0, 100).parse('0')).toBe(0);
    expect(decimal(0, 100).parse('0.5')).toBe(0.5);
    expect(decimal(0, 100).safeParse('100.1').success).toBe(false);
  });
});

describe('url', () => {
  it.each(['http://h', 'https://h:8443/jaeger/', 'http://[::1]:8080'])('takes %j', (text) =>
    expect(url.parse(text)).toBeInstanceOf(URL),
  );

  it.each(['ftp://h', 'h:8080', '/jaeger', 'http://', 'http://h/?a=1', 'http://h/#a', 'file:///x', ''])(
    'refuses %j',
    (text) => expect(url.safeParse(text).success).toBe(false),
  );
});

describe('header', () => {
  it('takes a name in lower case and the value without the spaces around it', () => {
    expect(header.parse('X-Team:  check out ')).toEqual(['x-team', 'check out']);
    expect(header.parse('X-Empty:')).toEqual(['x-empty', '']);
    expect(header.parse('X-Url: http://h:1')).toEqual(['x-url', 'http://h:1']);
  });

  it.each(['no colon', ': x', 'X Y: z', 'X: a\r\nY: b', 'X: a\u0000b', 'X: a\u0001b', 'X: a…'])(
    'refuses %j, which HTTP could not send',
    (text) => expect(header.safeParse(text).success).toBe(false),
  );

  it('accepts only headers that fit into a request, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
        const result = header.safeParse(`${name}:${value}`);
        if (!result.success) return;
        expect(() => new Headers([[result.data[0], result.data[1]]])).not.toThrow();
      }),
    );
  });
});

it.each([
  ['shop.example', true],
  ['shop.example:8080', true],
  ['[::1]:80', true],
  ['http://shop', false],
  ['a b', false],
  ['me:pw@h', false],
])('the validity of host %j is %s', (text, fits) => expect(host.safeParse(text).success).toBe(fits));

describe('shares', () => {
  it('reads weights by version', () => {
    expect(shares.parse('orders=v1:80, v2:20')).toEqual({ service: 'orders', weights: { v1: 80, v2: 20 } });
    expect(shares.parse('orders=v1:0,v2:0.5').weights).toEqual({ v1: 0, v2: 0.5 });
  });

  it('loses no version, whatever its name', () => {
    expect(Object.entries(shares.parse('orders=v1:1,__proto__:2').weights)).toEqual([
      ['v1', 1],
      ['__proto__', 2],
    ]);
  });

  it.each(['v1:1', 'orders=', 'orders=v1', 'orders=v1:1,v1:2', 'orders=v1:0', 'orders=v1:-1', 'orders=v1:1,'])(
    'refuses %j',
    (text) => expect(shares.safeParse(text).success).toBe(false),
  );
});
