import type { Fact } from '../harness/model/facts/facts.ts';
import { SNIPPETS, type Snippet } from '../harness/model/snippets.ts';

/** The code that a finding's fix is about; undefined: it is about none, or the stack is not known. */
export function snippetOf(remedy: Fact | undefined): Snippet | undefined {
  if (remedy?.kind !== 'forward-headers' || remedy.stack === undefined) return undefined;
  return SNIPPETS[remedy.stack];
}
