import { spanPage } from '../../../harness/model/backend-pages.ts';
import type { SpanId, TraceId } from '../../../harness/model/ids.ts';
import type { ShownRun } from './shown.ts';

/** A span in the backend's UI. */
export interface SpanPage {
  readonly product: string;
  readonly href: string;
}

/** undefined: the run has no such pages. */
export function spanPageOf({ pages }: Pick<ShownRun, 'pages'>, trace: TraceId, span: SpanId): SpanPage | undefined {
  const href = pages === undefined ? undefined : spanPage(pages, trace, span);
  return pages === undefined || href === undefined ? undefined : { product: pages.product, href };
}
