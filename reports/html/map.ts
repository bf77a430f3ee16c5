import type { Finding } from '../../harness/model/finding.ts';
import { outline } from './outline.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { count } from './shared/format.ts';
import { FIX_HERE, LEAST_SCALE, SIGNS, topologyMap } from './topology.ts';
import type { HopState, MapHop, TopologyGraph } from './topology-graph.ts';

/** More would be a wall, not a map. */
const SERVICES_SHOWN = 60;
const HOPS_SHOWN = 200;
/** A map that needs more than this, however it stands, has a row to itself: half of the narrowest page of two columns holds no more, px. */
const WIDEST_BESIDE = 500;
/** Wider maps stand upright on paper, where nothing scrolls. */
const WIDEST_ON_PAPER = 1120;

/**
 * The drawing order where there is no room for all. Calls that the definition does not have are last, because their
 * number has no limit.
 */
const RANK: Readonly<Record<HopState, number>> = {
  broken: 0,
  tolerated: 1,
  suspect: 2,
  victim: 3,
  whole: 4,
  unseen: 5,
  unexpected: 6,
};

/** In the order of the legend. */
const HOP_WORDS: Readonly<Record<HopState, string>> = {
  whole: 'seen wherever it was expected',
  broken: 'breaks; with its code where it is seen everywhere and wrong',
  tolerated: 'breaks, and a person decided that it does not count: tolerated, known or left out',
  suspect: 'a warning is about it',
  victim: 'follows from a break elsewhere',
  unexpected: 'called, and not in the definition',
  unseen: 'no trace came far enough to show it',
};
const SERVICE_WORDS: Readonly<Record<HopState, string>> = {
  whole: '',
  broken: 'in a dashed box: an error is about this service',
  tolerated: 'in a dashed amber box: an error is about this service, and does not count',
  suspect: 'in a box: a warning is about this service',
  victim: 'in a grey box: the traces do not reach this service, because of a break elsewhere',
  unexpected: '',
  unseen: '',
};

/**
 * The map three times, lying, upright and as a list: the style sheet shows the first that fits (computed-rules.ts), and
 * without one the first is seen. Below it, what the signs that are on it mean, and what is not on it.
 * @param says what its figures count
 */
export function mapCard(
  graph: TopologyGraph,
  says: string,
  anchorOf: (finding: Finding) => string | undefined,
): HtmlElement {
  const part = drawnPart(graph);
  const lying = topologyMap(part, 'right', anchorOf);
  const upright = topologyMap(part, 'down', anchorOf);
  const large = Math.min(lying.width, upright.width) * LEAST_SCALE > WIDEST_BESIDE;
  return h(
    'div',
    { class: 'card' },
    h(
      'div',
      { class: large ? 'maps large' : 'maps', tabindex: 0, role: 'region', 'aria-label': 'What was seen' },
      h(
        'div',
        { class: `lying ${roomClass(lying.width)}${lying.width <= WIDEST_ON_PAPER ? ' on-paper' : ''}` },
        lying.picture,
      ),
      h('div', { class: `upright ${roomClass(upright.width)}`, hidden: true }, upright.picture),
      h('div', { class: 'outline', hidden: true }, outline(part, anchorOf)),
    ),
    h('p', { class: 'faint' }, says, leftOut(graph, part)),
    legend(part),
  );
}

/** Container widths the style sheet knows, in rem; a map that needs more is not drawn as a picture. */
export const ROOMS = [
  ...Array.from({ length: 20 }, (_, n) => n + 15),
  ...Array.from({ length: 22 }, (_, n) => n * 2 + 36),
];

/** `room-48`: what a map needs to be read. */
function roomClass(width: number): string {
  const needed = (width * LEAST_SCALE) / 16;
  return `room-${ROOMS.find((room) => room >= needed) ?? 'never'}`;
}

/** Services at both ends of what is worst, then the others, as many as a map can hold; in the order they had. */
function drawnPart({ services, hops }: TopologyGraph): TopologyGraph {
  const names = new Set<string>(services.filter(({ gateway }) => gateway).map(({ name }) => name));
  const worst = hops.toSorted((a, b) => RANK[a.state] - RANK[b.state]);
  const wanted = [...worst.flatMap(({ caller, callee }) => [caller, callee]), ...services.map(({ name }) => name)];
  for (const name of wanted) if (names.size < SERVICES_SHOWN) names.add(name);
  const within = ({ caller, callee }: MapHop) => names.has(caller) && names.has(callee);
  const drawn = new Set(worst.filter(within).slice(0, HOPS_SHOWN));
  return { services: services.filter(({ name }) => names.has(name)), hops: hops.filter((hop) => drawn.has(hop)) };
}

function leftOut(all: TopologyGraph, part: TopologyGraph): string {
  const services = all.services.length - part.services.length;
  const hops = all.hops.length - part.hops.length;
  if (services === 0 && hops === 0) return '';
  return ` ${count(services, 'service')} and ${count(hops, 'hop')} are left out here: what breaks is drawn first. The JSON report has all hops.`;
}

function legend({ services, hops }: TopologyGraph): HtmlElement {
  const states = Object.keys(HOP_WORDS) as HopState[];
  const item = (state: HopState, words: string) =>
    h('li', { class: `of-map ${state}` }, h('b', { class: 'sign' }, SIGNS[state]), ` ${words}`);
  return h(
    'ul',
    { class: 'legend' },
    states.filter((state) => hops.some((hop) => hop.state === state)).map((state) => item(state, HOP_WORDS[state])),
    [...services, ...hops].some(({ fix }) => fix !== undefined) &&
      h('li', { class: 'of-map fix' }, h('b', { class: 'sign' }, FIX_HERE), ' something has to be changed here'),
    states
      .filter(
        (state) =>
          SERVICE_WORDS[state] !== '' &&
          services.some((service) => service.state === state && service.fix === undefined),
      )
      .map((state) => item(state, SERVICE_WORDS[state])),
    services.some(({ gateway }) => gateway) && h('li', {}, 'a round box: the gateway'),
  );
}
