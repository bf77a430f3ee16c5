/** A phrase of the old dialect that docs/style.md replaces. */
export interface Phrase {
  readonly id: string;
  /** Global; matched against one text (a string, a comment, a document) at a time. */
  readonly pattern: RegExp;
  /** The plain way to write it. */
  readonly instead: string;
}

const VERB =
  '(?:is|are|was|were|has|have|had|must|may|can|cannot|will|would|does|do|did|holds|stands|counts|comes|goes|stays|lies|needs|gets|makes|says|ends|fails|leaves|tells|belongs|becomes|takes)';
/**
 * A clause as the subject of its sentence, as in "What is left out is in the capture": a sentence that begins so and has
 * two verbs. A question does not count. "What a run found" is a label, and so is a clause before a link, as in "What it does: [page]".
 */
const CLAUSE_AS_SUBJECT = new RegExp(
  `(?:(?<=[.:;!?]\\s)|(?<=[|]\\s?)|^\\W*)(?:What|Who|Whoever)\\s(?:[^.!?:;|\\n]*?\\b${VERB}\\b){2}(?![^.!?\\n|]*(?:\\?|: \\[))`,
  'gm',
);

/** docs/style.md#words. A row is counted over all texts; tools/style-limits.json says how many are left. */
export const PHRASES: readonly Phrase[] = [
  { id: 'nobody', pattern: /\b(?:no|some|any)body\b|\bwhoever\b/gi, instead: 'the person or the thing' },
  { id: 'told', pattern: /\b(?:told|said|tells)\b/gi, instead: 'reported, configured, named, shows' },
  {
    id: 'is-no',
    pattern: /(?<!\bthere )\b(?:is|are|was|were|be) (?:none\b|no (?!longer|more|one|less|fewer)(?=[a-z]))/gi,
    instead: 'not a valid …; is not a …',
  },
  { id: 'of-its-own', pattern: /\bof (?:its|their|his|her|our|your|my|one's) own\b/gi, instead: 'own, separate, its' },
  {
    id: 'for-it',
    pattern:
      /[,;] for (?:it|they|there|he|this is|that is|what|nothing|nobody|something|somebody|without|then|by then|only|no|neither|most|every|new|others)\b/gi,
    instead: 'because',
  },
  { id: 'mend', pattern: /\bmend(?:s|ed|ing)?\b/gi, instead: 'fix' },
  { id: 'seldom', pattern: /\bseldom\b/gi, instead: 'rarely' },
  { id: 'in-vain', pattern: /\bin vain\b/gi, instead: 'without finding any; not met' },
  { id: 'comes-to', pattern: /\b(?:comes|came|come|coming) to (?!an end|life)/gi, instead: 'is, becomes' },
  { id: 'ails', pattern: /\bail(?:s|ed|ing|ments?)?\b/gi, instead: 'is wrong, defect' },
  {
    id: 'a-line-a-step',
    pattern:
      /\b(?:an?|one) (?!(?:few|lot|with|without|as|is|than|that|there|where|when|of|by|at|in|on|to|from|holds|has|needs|reason|beside)\b)[a-z]{2,} (?<!, )an? (?!few|lot)[a-z]{2,}\b/gi,
    instead: 'one … per …',
  },
  { id: 'what-as-subject', pattern: CLAUSE_AS_SUBJECT, instead: 'name the subject' },
];

/** How often a phrase occurs in a text. */
export function countIn(text: string, { pattern }: Phrase): number {
  return text.match(pattern)?.length ?? 0;
}
