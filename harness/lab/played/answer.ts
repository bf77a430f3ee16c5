import type { AnswerDefinition, ErrorRule, Mark, VersionRule } from '../../definition/answer-schema.ts';
import { stepsOf } from '../../definition/json-path.ts';
import { toPattern } from '../../definition/patterns.ts';
import type { Headers, WireResponse } from '../wire.ts';

/** Who took part in a request, and whose calls failed. */
export interface TookPart {
  readonly made: Readonly<Record<string, { readonly version: string; readonly pod: string }>>;
  readonly failed: readonly string[];
}

/**
 * An answer that the definition reads as whole, with these versions and these errors. Two things are left out, because no
 * answer can be made for them: a path with a filter, and a regular expression without `example`.
 */
export function makeAnswer(answer: AnswerDefinition, { made, failed }: TookPart): WireResponse {
  const draft: Draft = { document: {}, texts: [], headers: [], isJson: false };
  for (const mark of [answer.whole ?? []].flat()) put(draft, typeof mark === 'string' ? { at: mark } : mark, []);
  for (const rule of answer.versions ?? []) putVersion(draft, rule, made);
  for (const service of failed) putError(draft, answer.errors ?? [], service);
  const [status = 200] = [answer.status ?? 200].flat();
  const body = draft.isJson
    ? JSON.stringify({ ...draft.document, ...(draft.texts.length > 0 && { text: draft.texts }) })
    : draft.texts.join('\n');
  const type: [string, string] = ['content-type', draft.isJson ? 'application/json' : 'text/html; charset=utf-8'];
  return { status, headers: [type, ...draft.headers], body };
}

interface Draft {
  readonly document: Record<string, unknown>;
  readonly texts: string[];
  readonly headers: Headers;
  isJson: boolean;
}

/** Puts a value at a place; where there is a regular expression, an example of what it matches. */
function put(draft: Draft, place: Mark | VersionRule | ErrorRule, value: unknown): void {
  const { at, header, contains, matches, example } = place;
  if (at !== undefined) {
    draft.isJson = true;
    const steps = stepsOf(at);
    if (steps !== undefined) setAt(draft.document, steps, matches === undefined ? value : example);
  } else if (header !== undefined)
    draft.headers.push([header, String(matches === undefined ? value : (example ?? ''))]);
  else if (contains !== undefined) draft.texts.push(contains);
  else if (matches !== undefined && example !== undefined) draft.texts.push(example);
}

function putVersion(draft: Draft, rule: VersionRule, made: TookPart['made']): void {
  const maker = made[rule.of];
  if (maker === undefined || (rule.is !== undefined && rule.is !== maker.version)) return;
  const inverse = Object.entries(rule.map ?? {}).find(([, version]) => version === maker.version)?.[0];
  if (rule.map !== undefined && inverse === undefined) return;
  const shown = inverse ?? maker.version;
  const { matches, example } = rule;
  if (matches === undefined || example === undefined) put(draft, rule, shown);
  else put(draft, { ...rule, example: withVersion(example, matches, shown, maker.pod) }, shown);
}

/** The example, with the version and the pod that it shows replaced. */
function withVersion(example: string, matches: string, version: string, pod: string): string {
  const match = toPattern(matches).exec(example);
  const shownPod = match?.groups?.pod;
  const shown = match?.groups?.version ?? match?.groups?.text ?? match?.[1] ?? match?.[0] ?? '';
  const withPod = shownPod === undefined ? example : example.replace(shownPod, pod);
  return shownPod?.includes(shown) === true ? withPod : withPod.replace(shown, version);
}

/** By the rule for this service; else at the place of errors of any. */
function putError(draft: Draft, rules: readonly ErrorRule[], service: string): void {
  const own = rules.find((rule) => rule.service === service);
  const open = rules.find((rule) => rule.service === undefined && rule.at !== undefined);
  const text = own?.contains ?? own?.example ?? `${service} is unavailable`;
  if (own?.at !== undefined) put(draft, own, text);
  else if (open !== undefined) put(draft, open, text);
  else if (own !== undefined) put(draft, own, text);
}

function setAt(document: Record<string, unknown>, steps: readonly (string | number)[], value: unknown): void {
  let at: Record<string | number, unknown> = document;
  steps.forEach((step, index) => {
    const next = steps[index + 1];
    const known = at[step];
    if (next === undefined) at[step] = known === undefined ? value : known;
    else if (typeof known !== 'object' || known === null) at[step] = typeof next === 'number' ? [] : {};
    at = at[step] as Record<string | number, unknown>;
  });
}
