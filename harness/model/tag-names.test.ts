import { describe, expect, it } from 'vitest';
import type { Application } from './application.ts';
import { RunNames } from './run-names.ts';
import { httpStatus, type Span, tag } from './span.ts';
import { markerTagOf, readTag, SECOND_NAMES } from './tag-names.ts';

describe('the two names of a tag', () => {
  it.each(Object.entries(SECOND_NAMES))('%s is also read as %s', (first, second) => {
    expect(readTag({ [second]: 'x' }, first)).toBe('x');
    expect(readTag({ [first]: 'own', [second]: 'x' }, first)).toBe('own');
    expect(readTag({ [first]: 'own' }, second)).toBeUndefined();
  });

  it('are those of the table only', () => {
    expect(readTag({ response_flags: 'UH' }, 'response_flags')).toBe('UH');
    expect(readTag({}, 'constructor')).toBeUndefined();
    expect(readTag({}, 'toString')).toBeUndefined();
  });

  it('make a status of a span', () => {
    expect(httpStatus(span({ 'http.response.status_code': '503' }))).toBe(503);
    expect(tag(span({ 'user_agent.original': 'hopcheck-x' }), 'user_agent')).toBe('hopcheck-x');
  });

  it('say which one a search has to name', () => {
    expect(markerTagOf({ user_agent: 'a', 'user_agent.original': 'a' })).toBe('user_agent');
    expect(markerTagOf({ 'user_agent.original': 'a' })).toBe('user_agent.original');
    expect(markerTagOf({ component: 'proxy' })).toBeUndefined();
  });

  it('are learnt from the spans of proxies', () => {
    const names = new RunNames(application, {});
    expect(names.markerTag).toBe('user_agent');
    names.learn([{ spans: [span({ 'user_agent.original': 'app' })], isForced: true } as never]);
    expect(names.markerTag).toBe('user_agent');
    names.learn([{ spans: [span({ component: 'proxy', 'user_agent.original': 'hopcheck-x' })] } as never]);
    expect(names.markerTag).toBe('user_agent.original');
  });
});

const application = { name: 'a', gateway: 'edge', entry: 'front', services: [], calls: [] } as unknown as Application;

function span(tags: Readonly<Record<string, string>>): Span {
  return {
    id: '1',
    traceId: '1',
    kind: 'server',
    service: 'front.shop',
    operation: 'o',
    startMicros: 0,
    durationMicros: 1,
    tags,
  } as unknown as Span;
}
