import type { Finding } from '../../harness/model/finding.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { foreign } from './shared/trace-words.ts';
import { classOf, hopText, LONGEST_NAME, linked, saysOf, short } from './topology.ts';
import type { MapHop, MapService, TopologyGraph } from './topology-graph.ts';

/**
 * The map as a list for narrow pages: each service below its caller, with what was seen of the call. It wraps where a
 * picture would be cut. A service with several callers stands below each of them, and its own calls only the first time.
 */
export function outline(
  { services, hops }: TopologyGraph,
  anchorOf: (finding: Finding) => string | undefined,
): HtmlElement {
  const byName = new Map(services.map((service) => [service.name, service]));
  const called = new Set(hops.map(({ callee }) => callee));
  const drawn = new Set<string>();
  const item = (service: MapService, hop: MapHop | undefined): HtmlElement => {
    const isFirst = !drawn.has(service.name);
    drawn.add(service.name);
    const below = isFirst ? hops.filter(({ caller }) => caller === service.name) : [];
    const says = saysOf(service);
    const name = h(
      'span',
      { class: `stop is-${classOf(service)}` },
      h('b', {}, foreign(short(service.name, LONGEST_NAME))),
      says !== '' && [' ', h('span', { class: 'says' }, says)],
    );
    return h(
      'li',
      {},
      hop !== undefined && [
        linked(hop.finding, anchorOf, h('span', { class: `call is-${classOf(hop)}` }, hopText(hop))),
        ' ',
      ],
      linked(service.finding, anchorOf, name),
      !isFirst && hops.some(({ caller }) => caller === service.name) && h('span', { class: 'faint' }, ' (see above)'),
      below.length > 0 && h('ul', {}, below.map(itemOf)),
    );
  };
  const itemOf = (hop: MapHop): HtmlElement | false => {
    const service = byName.get(hop.callee);
    return service !== undefined && item(service, hop);
  };
  const roots = services.filter(({ name, gateway }) => gateway || !called.has(name));
  const items = roots.map((service) => item(service, undefined));
  // What calls itself in a circle has no beginning.
  const rest = services.flatMap((service) => (drawn.has(service.name) ? [] : [item(service, undefined)]));
  return h('ul', {}, items, rest);
}
