/**
 * Whether a scraper rather wants OpenMetrics than text (RFC 9110 section 12.5.1). Prometheus sends
 * `application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4` and more.
 */
export function prefersOpenMetrics(accept: string): boolean {
  const weightOf = (type: string) =>
    Math.max(
      0,
      ...accept
        .toLowerCase()
        .split(',')
        .map((range) => range.split(';').map((part) => part.trim()))
        .filter(([name]) => name === type)
        .map((parts) => Number(parts.find((part) => part.startsWith('q='))?.slice(2) ?? 1) || 0),
    );
  const wanted = weightOf('application/openmetrics-text');
  return wanted > 0 && wanted >= weightOf('text/plain');
}
