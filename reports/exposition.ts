import { safeText } from './characters/safe-text.ts';
import { asNoCommand } from './no-command.ts';

/** An empty label is left out: to Prometheus the two are the same. */
export type Labels = Readonly<Record<string, string | undefined>>;
export type Sample = readonly [labels: Labels, value: number];

/** The samples of one name. */
export interface Family {
  /** Of a counter without `_total`, which both formats add where they want it. */
  readonly name: string;
  readonly help: string;
  /** Default: gauge. */
  readonly type?: 'gauge' | 'counter';
  readonly samples: readonly Sample[];
}

/**
 * Prometheus' text format 0.0.4, or OpenMetrics 1.0.0. They differ in the names of counters, in quotes in help texts,
 * and in the last line.
 */
export type ExpositionStyle = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<ExpositionStyle, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** All families as one document. A family without samples is left out. */
export function exposition(families: readonly Family[], style: ExpositionStyle): string {
  const texts = families.map((family) => familyText(family, style));
  return style === 'text' ? texts.join('') : `${texts.join('')}# EOF\n`;
}

/** A collector refuses a file that has one series twice. Only texts that show alike could lead to that, and the first stays. */
function familyText({ name, help, type = 'gauge', samples }: Family, style: ExpositionStyle): string {
  const lines = new Map<string, number>();
  const sampleName = type === 'counter' ? `${name}_total` : name;
  for (const [labels, value] of samples) {
    const series = `${sampleName}${labelText(labels)}`;
    if (!lines.has(series)) lines.set(series, value);
  }
  if (lines.size === 0) return '';
  const rows = [...lines].map(([series, value]) => `${series} ${value}\n`);
  const named = style === 'text' ? sampleName : name;
  const helped = style === 'text' ? help : help.replaceAll('"', '\\"');
  return `# HELP ${named} ${helped}\n# TYPE ${named} ${type}\n${rows.join('')}`;
}

export function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).flatMap(([name, value]) => (value ? [`${name}="${labelValue(value)}"`] : []));
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/**
 * Prometheus, exposition formats: in label values backslash, quote and line feed are escaped; line feeds are shown
 * already. Long ones are not cut, because names that differ late must stay different.
 */
function labelValue(value: string): string {
  return asNoCommand(safeText(value, 2000)).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
