import { round } from './picture.ts';

/** A line as dagre lays it out: where its words stand, and the points it goes through. */
export interface Wire {
  readonly x: number;
  readonly y: number;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Through every point, round at the bends (Catmull–Rom, as cubic Béziers). */
export function curve(points: Wire['points']): string {
  const at = ({ x, y }: { x: number; y: number }) => `${round(x)},${round(y)}`;
  const [first] = points;
  if (first === undefined) return '';
  const legs = points.slice(1).map((end, index) => {
    const start = points[index] ?? first;
    const before = points[index - 1] ?? start;
    const after = points[index + 2] ?? end;
    const leave = { x: start.x + (end.x - before.x) / 6, y: start.y + (end.y - before.y) / 6 };
    const reach = { x: end.x - (after.x - start.x) / 6, y: end.y - (after.y - start.y) / 6 };
    return `C${at(leave)} ${at(reach)} ${at(end)}`;
  });
  return `M${at(first)}${legs.join('')}`;
}

export function arrowHead(points: Wire['points']): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (tip === undefined || before === undefined) return '';
  const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
  const corner = (turn: number) =>
    `${round(tip.x - 9 * Math.cos(angle + turn))},${round(tip.y - 9 * Math.sin(angle + turn))}`;
  return `M${round(tip.x)},${round(tip.y)}L${corner(0.45)}L${corner(-0.45)}Z`;
}
