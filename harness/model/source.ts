/** Where a value came from (docs/architecture.md#one-table-of-options). */
export const SOURCES = ['flag', 'environment', 'file', 'discovered', 'assumed', 'default'] as const;
export type Source = (typeof SOURCES)[number];
