import type { ExpectedTrace, GapDetail, SpanDetail, SpanMark, TraceDetail } from '../harness/model/detail.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { RunReport } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';
import type { Paint } from './paint.ts';
import { COLUMNS, fit } from './wrap.ts';

/** A larger tree is hard to read as text; the HTML report draws it. */
const MOST_SPANS = 200;
const MOST_LINES = 16;

interface Node {
  /** Empty: there is nothing to show below the gap. */
  readonly label: string;
  readonly children: Node[];
  /** Why what hangs here is not joined to what is above. */
  readonly gap?: string;
}

/**
 * The broken hop of a finding as a tree of workloads: one of its traces, the gap marked, what was found of the other half
 * below it. Empty where the report carries no detail, or the trace shows no gap.
 */
export function hopTree(
  report: RunReport,
  finding: Finding,
  ink: Paint,
  columns: number = COLUMNS,
  indent = ' '.repeat(16),
): string[] {
  const drawable = (trace: TraceDetail) => hasGap(trace) && trace.spans.length <= MOST_SPANS;
  const shown = finding.evidence.traces
    .map((id) => report.detail?.traces.find((trace) => trace.id === id))
    .find((trace) => trace !== undefined && drawable(trace));
  if (shown === undefined) return [];
  return shortened(draw(treesOf(shown), ink)).map((line) => `${indent}${fit(line, columns - indent.length)}`);
}

/** A whole trace as such a tree, broken or not. */
export function traceTree(trace: TraceDetail, ink: Paint): string[] {
  return shortened(draw(treesOf(trace), ink));
}

/** What the definition expects of it, as the same kind of tree. */
export function expectedTree({ spans }: ExpectedTrace, ink: Paint): string[] {
  const roots: Node[] = [];
  const above: { readonly depth: number; readonly node: Node }[] = [];
  spans.forEach(({ depth, kind, service, version }, index) => {
    while ((above.at(-1)?.depth ?? -1) >= depth) above.pop();
    // CLIENT spans are edges, but for a gateway's only span.
    if (kind === 'client' && index > 0) return;
    const node: Node = {
      label: [safeText(service, 40), ...(version === undefined ? [] : [safeText(version, 20)])].join(' '),
      children: [],
    };
    (above.at(-1)?.node.children ?? roots).push(node);
    above.push({ depth, node });
  });
  return shortened(draw(roots, ink));
}

function shortened(lines: readonly string[]): string[] {
  const rest = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(rest > 0 ? [`… ${rest} more lines`] : [])];
}

function hasGap({ gaps, spans }: TraceDetail): boolean {
  return gaps.length > 0 || spans.some(({ marks }) => marks.some((mark) => mark !== 'entry'));
}

function treesOf({ spans, gaps, fragments }: TraceDetail): Node[] {
  const { roots, nodeAt } = nodesOf(spans);
  const halves = fragments.flatMap(({ id, spans: others }) => nodesOf(others).roots.map((node) => ({ node, id })));
  for (const gap of gaps) {
    const above = gap.below === undefined ? undefined : nodeAt(gap.below);
    const at = halves.findIndex(({ node }) => node.label.split(' ')[0] === safeText(gap.callee, 40));
    const [half] = at < 0 ? [] : halves.splice(at, 1);
    const hanging: Node = {
      label: half === undefined ? '' : `${half.node.label}, in trace ${half.id}`,
      children: half?.node.children ?? [],
      gap: gapText(gap),
    };
    (above?.children ?? roots).push(hanging);
  }
  for (const { node, id } of halves)
    roots.push({ ...node, label: `${node.label}, in trace ${id}`, gap: 'this part is in a separate trace' });
  return roots;
}

function gapText({ callee, half }: GapDetail): string {
  const name = safeText(callee, 40);
  return half === 'client' ? `no call of ${name} in this trace` : `no span of ${name} for this call`;
}

const MARK_TEXTS: Readonly<Record<Exclude<SpanMark, 'entry'>, string>> = {
  'second-entry': 'a second span that the trace begins with',
  orphan: 'its parent is not in this trace',
  'self-parent': 'it is its own parent',
  duplicate: 'a second span with this id and kind',
  cycle: 'its parents form a circle',
};

/** One node per workload: SERVER spans and spans without an answer; all others are only edges. */
function nodesOf(spans: readonly SpanDetail[]) {
  const answered = new Set(
    spans.flatMap(({ kind, parent }) => (kind === 'server' && parent !== undefined ? [parent] : [])),
  );
  const nodes: (Node | undefined)[] = [];
  const roots: Node[] = [];
  const nodeAt = (index: number): Node | undefined => {
    const at = nodes[index];
    const parent = spans[index]?.parent;
    return at ?? (parent === undefined || parent >= index ? undefined : nodeAt(parent));
  };
  spans.forEach((span, index) => {
    const above = span.parent === undefined || span.parent >= index ? undefined : nodeAt(span.parent);
    const odd = span.marks.find((mark) => mark !== 'entry');
    const isEdge =
      span.kind !== 'server' && (answered.has(index) || !span.proxy || span.gateway || span.callee === undefined);
    if (isEdge && odd === undefined && (above !== undefined || answered.has(index))) return;
    const node: Node = {
      label: labelOf(span),
      children: [],
      ...(odd !== undefined && { gap: MARK_TEXTS[odd] }),
    };
    // The gateway's own two spans are one workload.
    if (above !== undefined && span.gateway && odd === undefined) nodes[index] = above;
    else {
      nodes[index] = node;
      (above?.children ?? roots).push(node);
    }
  });
  return { roots, nodeAt };
}

function labelOf({ service, version, kind, callee, status }: SpanDetail): string {
  const who = `${safeText(service, 40)}${version === undefined ? '' : ` ${safeText(version, 20)}`}`;
  const what = kind === 'client' && callee !== undefined ? ` → ${safeText(callee, 40)}` : '';
  return `${who}${what}${status !== undefined && status !== 200 ? ` (status ${status})` : ''}`;
}

function draw(nodes: readonly Node[], ink: Paint, indent = '', top = true): string[] {
  return nodes.flatMap((node, index) => {
    const last = index === nodes.length - 1;
    const branch = top ? '' : last ? '└─ ' : '├─ ';
    const below = top ? '' : last ? '   ' : '│  ';
    const gap = node.gap === undefined ? [] : [`${indent}╎`, `${indent}${ink.bad(`✗ ${node.gap}`)}`];
    if (node.label === '') return gap;
    return [
      ...gap,
      ...(node.gap === undefined ? [] : [`${indent}╎`]),
      `${indent}${branch}${node.label}`,
      ...draw(node.children, ink, `${indent}${below}`, false),
    ];
  });
}
