import { type Banner, type PageFacts, pageFactsSchema, type ReadAnswer, type Reader } from '../model/application.ts';
import type { AnswerDefinition, ErrorRule, Mark, VersionRule } from './answer-schema.ts';
import { type Capture, compileCapture, type OpenAnswer, openAnswer } from './captures.ts';
import { withinTime } from './within-time.ts';

/** An error message that is shown, characters. More of it may be what is not for a report. */
const LONGEST_TEXT = 200;
const MOST_ERRORS = 20;
/** For all captures of one answer, ms. */
const LIMIT_MS = 250;
/** The value of a Kubernetes label; anything else is not the name of a version or of a pod. */
const NAME = /^[A-Za-z0-9][-.\w]{0,251}$/;

export interface ReaderOptions {
  /** Takes the blame for an error that no rule gives to a service. */
  readonly entry: string;
  /** The service whose version goes into `version` of what is found; those of others go into `further`. */
  readonly versioned?: string | undefined;
  /** The captures are our own, and need no limit of time. Default false. */
  readonly isTrusted?: boolean;
}

/**
 * Makes the reader of an answer from its definition. It never throws: an answer that cannot be read is not whole, with the
 * reason. What it keeps of an answer are versions, pods, and the first 200 characters of error messages.
 */
export function compileReader(definition: AnswerDefinition, options: ReaderOptions): Reader {
  const { read } = definition;
  if (read !== undefined) return (answer) => ownReading(read, answer);
  const marks = [definition.whole ?? []].flat().map(compileMark);
  const versions = (definition.versions ?? []).map((rule) => ({ rule, capture: compileCapture(rule) }));
  const errors = (definition.errors ?? []).map((rule) => ({ rule, capture: compileCapture(rule) }));
  const statuses = [definition.status ?? 200].flat();
  return (given) => {
    const answer = openAnswer(given);
    let page: PageFacts = { whole: false, lacks: `what is read within ${LIMIT_MS} ms`, banners: [] };
    const readAll = () => {
      const banners = findErrors(errors, answer, options.entry);
      const lacking = marks.filter(({ capture }) => capture(answer).length === 0).map(({ name }) => name);
      if (marks.length === 0 && !statuses.includes(given.status)) lacking.push(`status ${statuses.join(' or ')}`);
      const whole = lacking.length === 0;
      const state = { whole, ...(!whole && { lacks: lacking.join(', ') }), banners };
      page = { ...state, ...findVersions(versions, answer, state, options.versioned) };
    };
    try {
      if (options.isTrusted === true) readAll();
      else withinTime(LIMIT_MS, readAll);
      return page;
    } catch (error) {
      return unreadable(error);
    }
  };
}

interface CompiledRule<Rule> {
  readonly rule: Rule;
  readonly capture: Capture;
}

function compileMark(given: string | Mark): { readonly name: string; readonly capture: Capture } {
  const mark: Mark = typeof given === 'string' ? { at: given } : given;
  const { name, at, header, contains, matches } = mark;
  const described =
    name ??
    at ??
    (header === undefined ? undefined : `the header ${header}`) ??
    `${JSON.stringify(contains ?? matches)}`;
  return { name: described, capture: compileCapture(mark) };
}

/** One per service and text. A rule that knows a service explains a text that another rule found without one. */
function findErrors(rules: readonly CompiledRule<ErrorRule>[], answer: OpenAnswer, entry: string): readonly Banner[] {
  const known: Banner[] = [];
  const open: string[] = [];
  for (const { rule, capture } of rules) {
    for (const { text } of capture(answer)) {
      if (rule.service === undefined) open.push(text.slice(0, LONGEST_TEXT));
      else known.push({ text: text.slice(0, LONGEST_TEXT), service: rule.service });
    }
  }
  const rest = open.filter((text) => !known.some((banner) => text.includes(banner.text)));
  const all = [...known, ...rest.map((text) => ({ text, service: entry }))];
  const distinct = new Map(all.map((banner) => [`${banner.service} ${banner.text}`, banner]));
  return [...distinct.values()].slice(0, MOST_ERRORS);
}

type Shown = NonNullable<PageFacts['further']>[string];

function findVersions(
  rules: readonly CompiledRule<VersionRule>[],
  answer: OpenAnswer,
  { whole, banners }: Pick<PageFacts, 'whole' | 'banners'>,
  versioned: string | undefined,
): Partial<PageFacts> {
  const failing = new Set(banners.map(({ service }) => service));
  const found = new Map<string, Shown | undefined>();
  for (const { rule, capture } of rules) {
    if (found.has(rule.of) || (rule.ifWhole === true && !whole)) continue;
    if (rule.ifNoErrorOf?.some((service) => failing.has(service)) === true) continue;
    const [first] = capture(answer);
    // A word that is not in the map is not a version for the rules after it either.
    if (first !== undefined) found.set(rule.of, shownBy(rule, first.groups, first.text));
  }
  const own = versioned === undefined ? undefined : found.get(versioned);
  const further = [...found].flatMap(([service, shown]) =>
    service === versioned || shown === undefined ? [] : [[service, shown] as const],
  );
  return { ...own, ...(further.length > 0 && { further: Object.fromEntries(further) }) };
}

function shownBy(
  rule: VersionRule,
  groups: Readonly<Record<string, string | undefined>>,
  text: string,
): Shown | undefined {
  const raw = groups.version ?? text;
  const mapped = rule.map === undefined ? raw : Object.hasOwn(rule.map, raw) ? rule.map[raw] : undefined;
  const version = rule.is ?? mapped;
  if (version === undefined || !NAME.test(version)) return undefined;
  const pod = groups.pod !== undefined && NAME.test(groups.pod) ? groups.pod : undefined;
  return { version, ...(pod !== undefined && { pod }), versionFrom: rule.from ?? placeOf(rule) };
}

function placeOf({ at, header }: VersionRule): string {
  return at ?? (header === undefined ? 'a text of the answer' : `the header ${header}`);
}

/** A reader of the user's own may do anything. */
function ownReading(read: NonNullable<AnswerDefinition['read']>, answer: ReadAnswer): PageFacts {
  try {
    return pageFactsSchema.parse(read(answer));
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(error: unknown): PageFacts {
  const why = error instanceof Error ? error.message : String(error);
  return { whole: false, lacks: `what can be read (${why.slice(0, LONGEST_TEXT)})`, banners: [] };
}
