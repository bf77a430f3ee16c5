import { type Child, h } from './element.ts';
import { foreign, serviceClass } from './trace-words.ts';

/** Deeper spans are indented no further. */
export const DEEPEST = 99;
/** Without a style sheet a step is this wide, and so many of them leave room for a name. */
const PLAIN_STEP = '\u00a0\u00a0\u00a0';
const PLAIN_STEPS = 16;

/**
 * Whose span it is: service and version, what it calls, and its kind beside the colour. A call below a span of the same
 * service only says whom it calls: the row above says who.
 */
export function spanName(span: NamedSpan, above: NamedSpan | undefined, services: readonly string[]): Child {
  const { service, version, kind, gateway, callee } = span;
  const short = callee !== undefined && above?.service === service;
  return [
    h('span', { class: `dot ${serviceClass(services, service)} ${kind}`, 'aria-hidden': 'true' }),
    !short && [h('b', {}, foreign(service)), ' '],
    !short && version !== undefined && [h('span', { class: 'version' }, foreign(version)), ' '],
    callee !== undefined && ['→ ', foreign(callee), ' '],
    h('span', { class: 'kind' }, gateway && 'GATEWAY ', kind === 'unspecified' ? 'NO KIND' : kind.toUpperCase()),
  ];
}

interface NamedSpan {
  readonly service: string;
  readonly version?: string;
  readonly kind: string;
  readonly gateway: boolean;
  readonly callee?: string;
}

/** `depth-3`: the style sheet indents by it, because nothing may be styled in place. */
export function depthClass(depth: number): string {
  return `depth-${Math.min(depth, DEEPEST)}`;
}

/** `levels-20`: a tree of up to so many levels. The style sheet shares the room for indentation out among them. */
export function levelsClass(depths: readonly number[]): string {
  const deepest = depths.reduce((most, depth) => Math.max(most, depth), 0);
  return `levels-${Math.min(Math.ceil((deepest + 1) / 10) * 10, DEEPEST + 1)}`;
}

/** What indents where no style sheet applies; one that does hides it. */
export function plainIndent(depth: number): Child {
  return (
    depth > 0 &&
    h('span', { class: 'indent', 'aria-hidden': 'true' }, `${PLAIN_STEP.repeat(Math.min(depth, PLAIN_STEPS))}└ `)
  );
}
