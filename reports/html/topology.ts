import { Graph, layout } from '@dagrejs/dagre';
import type { Finding } from '../../harness/model/finding.ts';
import { safeText } from '../characters/safe-text.ts';
import { PLAIN, round } from './picture.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { shortened } from './shared/format.ts';
import type { HopState, MapHop, MapService, TopologyGraph } from './topology-graph.ts';
import { arrowHead, curve, type Wire } from './wire.ts';

const NODE_HEIGHT = 46;
const LETTER = 8.2;
export const LONGEST_NAME = 28;
const LONGEST_SAYS = 36;
/** Letters of names, of counts on hops, and of what a service says: drawn one to one, so each is at least {@link LEAST_SCALE} times that on the screen. */
const LETTERS = { name: 13, hop: 12.5, says: 12 } as const;
/** A map is not made smaller than this: its smallest letters would be under 10 px. */
export const LEAST_SCALE = 0.85;
/** Of the width attribute: so that the map grows with the letters of the page. */
const REM = 16;

/** Beside the colour, so that no reader needs the colour. */
export const SIGNS: Readonly<Record<HopState, string>> = {
  whole: '✓',
  broken: '✗',
  tolerated: '~',
  suspect: '!',
  victim: '○',
  unseen: '·',
  unexpected: '+',
};
const DASHES: Readonly<Record<HopState, string | undefined>> = {
  whole: undefined,
  broken: '6 4',
  tolerated: '6 4',
  suspect: undefined,
  victim: '2 4',
  unseen: '2 4',
  unexpected: '6 4',
};
const INK: Readonly<Record<HopState, string>> = {
  whole: PLAIN.faint,
  broken: PLAIN.fail,
  tolerated: '#7a4f01',
  suspect: '#7a4f01',
  victim: PLAIN.faint,
  unseen: PLAIN.faint,
  unexpected: '#7a4f01',
};

/** A picture, and how wide it is where nothing makes it smaller. */
export interface DrawnMap {
  readonly picture: HtmlElement;
  readonly width: number;
}

/** The application as it was seen: services, hops with counts, the broken hop marked. Laid out left to right, or downwards for narrow pages. */
export function topologyMap(
  { services, hops }: TopologyGraph,
  direction: 'right' | 'down',
  anchorOf: (finding: Finding) => string | undefined,
): DrawnMap {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    nodesep: direction === 'right' ? 26 : 34,
    ranksep: direction === 'right' ? 46 : 34,
    marginx: 8,
    marginy: 8,
  });
  for (const service of services) graph.setNode(key(service.name), { width: widthOf(service), height: NODE_HEIGHT });
  for (const hop of hops) {
    const text = hopText(hop);
    graph.setEdge(key(hop.caller), key(hop.callee), { width: text.length * 7 + 16, height: 22, labelpos: 'c' });
  }
  layout(graph);
  const { width = 1, height = 1 } = graph.graph() as { width?: number; height?: number };
  const edges = hops.map((hop) => {
    const edge = graph.edge(key(hop.caller), key(hop.callee)) as Wire;
    return linked(hop.finding, anchorOf, h('g', { class: `hop ${classOf(hop)}` }, ...drawHop(hop, edge)));
  });
  const nodes = services.map((service) =>
    linked(
      service.finding,
      anchorOf,
      h('g', { class: `service ${classOf(service)}` }, ...drawService(service, graph.node(key(service.name)) as Node)),
    ),
  );
  const picture = h(
    'svg',
    {
      class: `map ${direction}`,
      viewBox: `0 0 ${round(width)} ${round(height)}`,
      width: `${(width / REM).toFixed(2)}rem`,
      height: `${(height / REM).toFixed(2)}rem`,
      'font-size': LETTERS.name,
      'font-family': 'system-ui, sans-serif',
      fill: PLAIN.ink,
      role: 'group',
      'aria-label': 'Map of services and hops',
    },
    edges,
    nodes,
  );
  return { picture, width };
}

interface Node {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** dagre keys are object keys: a service may be called anything. */
const key = (name: string) => `n:${name}`;

/** Measures the text as it is shown: a control character takes six letters. */
export const short = (text: string, longest: number) => shortened(safeText(text), longest);

/** `broken`, `broken fix`: what the style sheet knows it by. */
export function classOf({ state, fix }: Pick<MapService, 'state' | 'fix'>): string {
  return fix === undefined ? state : `${state} fix`;
}

/** The mark of a place where something has to be changed. */
export const FIX_HERE = `${SIGNS.broken} fix here`;

/** The line below the name, a sign first where a finding is about the service. */
export function saysOf({ says, state, fix }: MapService): string {
  if (fix !== undefined) return FIX_HERE;
  return [state === 'whole' ? '' : SIGNS[state], short(says, LONGEST_SAYS)].filter(Boolean).join(' ');
}

function widthOf(service: MapService): number {
  return Math.max(76, Math.max(short(service.name, LONGEST_NAME).length * LETTER, saysOf(service).length * 6.8) + 24);
}

export function hopText({ state, count, fix }: MapHop): string {
  const counted = count === '' ? 'not known' : count;
  return fix === undefined ? `${SIGNS[state]} ${counted}` : `${FIX_HERE} · ${counted}`;
}

export function linked(
  finding: Finding | undefined,
  anchorOf: (finding: Finding) => string | undefined,
  drawing: HtmlElement,
): HtmlElement {
  const anchor = finding === undefined ? undefined : anchorOf(finding);
  return anchor === undefined ? drawing : h('a', { href: `#${anchor}` }, drawing);
}

function drawHop(hop: MapHop, { points, x, y }: Wire): HtmlElement[] {
  const text = hopText(hop);
  const width = text.length * 7 + 14;
  const dashes = DASHES[hop.state];
  const ink = INK[hop.state];
  return [
    h('title', {}, `${hop.caller} → ${hop.callee}: ${hop.state}${hop.count === '' ? '' : `, ${hop.count}`}`),
    h('path', {
      class: 'wire',
      d: curve(points),
      fill: 'none',
      stroke: ink,
      'stroke-width': 2,
      'stroke-dasharray': dashes,
    }),
    h('path', { class: 'tip', d: arrowHead(points), fill: ink }),
    h('rect', {
      class: 'pill',
      x: round(x - width / 2),
      y: round(y - 11),
      width: round(width),
      height: 22,
      rx: 11,
      fill: '#ffffff',
      stroke: ink,
    }),
    h('text', { x: round(x), y: round(y + 4.5), 'text-anchor': 'middle', 'font-size': LETTERS.hop }, text),
  ];
}

function drawService(service: MapService, { x, y, width }: Node): HtmlElement[] {
  const { name, state, gateway } = service;
  const says = saysOf(service);
  const top = y - NODE_HEIGHT / 2;
  const ink = state === 'whole' ? PLAIN.faint : INK[state];
  return [
    h('title', {}, `${name}${gateway ? ' (gateway)' : ''}: ${service.says}`),
    h('rect', {
      class: 'box',
      x: round(x - width / 2),
      y: round(top),
      width: round(width),
      height: NODE_HEIGHT,
      rx: gateway ? 22 : 7,
      fill: '#ffffff',
      stroke: ink,
      'stroke-width': 1.5,
    }),
    h(
      'text',
      {
        class: 'name',
        x: round(x),
        y: round(says === '' ? y + 4.5 : y - 3),
        'text-anchor': 'middle',
        'font-weight': 600,
      },
      short(name, LONGEST_NAME),
    ),
    ...(says === ''
      ? []
      : [
          h(
            'text',
            { class: 'says', x: round(x), y: round(y + 14), 'text-anchor': 'middle', 'font-size': LETTERS.says },
            says,
          ),
        ]),
  ];
}
