import { cutPlaces, type CutPlaces, wholeText } from './cut-places';
import {
  type BudgetDocument,
  type FitSettings,
  type FitTokenizer,
  fullSettings,
  type FullSettings,
  type Kept,
  keptNone,
  keptWhole,
} from './documents';
import { documentPart, type LaidPrompt, layPrompt } from './layout';
import { type DocumentCost, type PlannedTokens, planTokens } from './plan-tokens';

/** What became of a document. */
export interface FittedDocument {
  readonly name: string;
  readonly state: 'whole' | 'cut' | 'left out';
  /** Tokens of its text by itself. */
  readonly tokens: number;
  /** Tokens of the prompt that begin in it, its heading included: they add up to those of the prompt with `rest`. */
  readonly inPrompt: number;
  /** UTF-16 units that were kept. */
  readonly kept: Kept;
  /** Where it is in the prompt, its heading included, in UTF-16 units; none where it was left out. */
  readonly place?: { readonly start: number; readonly end: number };
}

/** A prompt within its budget. */
export interface FitResult {
  readonly prompt: string;
  /** Tokens of the prompt, counted as one text. */
  readonly tokens: number;
  readonly budget: number;
  /** False where what has to be there is more than the budget; the prompt then holds that and nothing else. */
  readonly fits: boolean;
  readonly documents: readonly FittedDocument[];
  /** Tokens that begin in none of the documents: before, after and between. */
  readonly rest: number;
}

/** A prompt that was tried. */
interface Attempt extends LaidPrompt {
  readonly planned: readonly PlannedTokens[];
  readonly tokens: number;
}

/** Prompts that are counted in search of the fullest, at most. */
const mostAttempts = 40;

/** Tokens that two texts may save where they meet: what is a little too long by itself is tried all the same. */
const slackOfJoin = 4;

/** Runs {@link fitSteps} to its end. @throws {RangeError} As there. */
export function fitDocuments(
  tokenizer: FitTokenizer,
  documents: readonly BudgetDocument[],
  settings: FitSettings,
): FitResult {
  const steps = fitSteps(tokenizer, documents, settings);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Fits documents into a budget of tokens. Tokens merge where texts meet, so that no sum of counts is the count of the
 * whole: every prompt that is considered is counted as it is, and the result never exceeds the budget. It is full as
 * well: no document that is cut could keep a token more.
 *
 * Yields after each count, for whoever has other things to do.
 *
 * @throws {RangeError} A budget or least number of tokens that is no whole number from 0.
 */
export function* fitSteps(
  tokenizer: FitTokenizer,
  documents: readonly BudgetDocument[],
  given: FitSettings,
): Generator<void, FitResult> {
  const settings = fullSettings(given);
  const { budget } = settings;
  const costs: DocumentCost[] = [];
  for (const document of documents) {
    costs.push(costOfDocument(tokenizer, document, settings));
    yield;
  }
  const places = new Map<number, CutPlaces>();
  const keptOf = (index: number, planned: PlannedTokens): Kept | undefined => {
    const [document, { tokens, cut }] = [documents[index]!, costs[index]!];
    if (planned === undefined) return undefined;
    if (planned >= tokens || cut === 'never') return keptWhole(document);
    const known = places.get(index) ?? cutPlaces(tokenizer, document.text, cut, Math.min(budget, tokens));
    places.set(index, known);
    return known.keep(planned);
  };
  const attempt = (planned: readonly PlannedTokens[]): Attempt => {
    const kept = planned.map((tokens, index) => keptOf(index, tokens));
    const laid = layPrompt(settings, documents, kept);
    return { ...laid, planned, tokens: tokenizer.count(laid.text) };
  };
  const finish = (found: Attempt) => resultOf(tokenizer, documents, { budget, costs, keptOf }, found);

  const least = attempt(costs.map(({ pinned, tokens }) => (pinned ? tokens : undefined)));
  if (least.tokens > budget) return finish(least);
  yield;

  const fixed = tokenizer.count(layPrompt(settings, [], []).text);
  const sum = costs.reduce((all, { whole }) => all + whole, fixed);
  if (sum <= budget + slackOfJoin * (costs.length + 1)) {
    const all = attempt(costs.map(({ tokens }) => tokens));
    if (all.tokens <= budget) return finish(all);
    yield;
  }
  const plan = (available: number) => planTokens(costs, available, settings);
  let best = yield* search(least, Math.max(budget - fixed, 0), { budget, plan, attempt });
  for (const index of planOrder(costs)) best = yield* fill(best, index, { budget, costs, attempt });
  return finish(best);
}

interface SearchTools {
  readonly budget: number;
  readonly plan: (available: number) => readonly PlannedTokens[];
  readonly attempt: (planned: readonly PlannedTokens[]) => Attempt;
}

/** Looks for the number of tokens that, given to documents by their own counts, makes the fullest prompt. */
function* search(least: Attempt, most: number, { budget, plan, attempt }: SearchTools): Generator<void, Attempt> {
  let best = least;
  let before: readonly PlannedTokens[] = [];
  let [low, high] = [-1, Infinity];
  for (let [available, attempts] = [most, 0]; attempts < mostAttempts && available > low; attempts += 1) {
    const planned = plan(available);
    if (attempts > 0 && planned.every((tokens, index) => tokens === before[index])) break;
    before = planned;
    const tried = attempt(planned);
    yield;
    if (tried.tokens > budget) high = available;
    else {
      low = available;
      if (tried.tokens >= best.tokens) best = tried;
      if (tried.tokens === budget) break;
    }
    available += budget - tried.tokens;
    // Beyond what is known either way: half way between.
    if (available <= low || available >= high) available = high === Infinity ? low : Math.floor((low + high) / 2);
  }
  return best;
}

interface FillTools {
  readonly budget: number;
  readonly costs: readonly DocumentCost[];
  readonly attempt: (planned: readonly PlannedTokens[]) => Attempt;
}

/** Keeps more of a document as long as it fits: what was planned did not know how tokens merge. */
function* fill(from: Attempt, index: number, { budget, costs, attempt }: FillTools): Generator<void, Attempt> {
  const { tokens, whole, besides, cut } = costs[index]!;
  const planned = from.planned[index];
  if (planned !== undefined && (planned >= tokens || cut === 'never')) return from;
  let best = from;
  const tryTokens = (kept: number): boolean => {
    const tried = attempt(best.planned.with(index, kept));
    if (tried.tokens <= budget) best = tried;
    return tried.tokens <= budget;
  };
  // The whole document needs no marker.
  const taken = planned === undefined ? 0 : besides + planned;
  if (whole - taken <= budget - from.tokens + slackOfJoin) {
    const fits = tryTokens(tokens);
    yield;
    if (fits) return best;
  }
  for (let kept = (planned ?? tokens) + 1; kept < tokens; kept += 1) {
    const fits = tryTokens(kept);
    yield;
    if (!fits) break;
  }
  return best;
}

/** Documents as they get tokens. */
const planOrder = (costs: readonly DocumentCost[]): readonly number[] =>
  [...costs.keys()].toSorted((one, other) => costs[other]!.priority - costs[one]!.priority);

function costOfDocument(tokenizer: FitTokenizer, document: BudgetDocument, settings: FullSettings): DocumentCost {
  const { name, text, priority = 0, pinned = false, cut = settings.cut } = document;
  const tokens = tokenizer.count(text);
  const around = tokenizer.count(`${documentPart(settings.layout, name, '')}\n\n`);
  const whole = tokenizer.count(`${documentPart(settings.layout, name, text)}\n\n`);
  return { priority, pinned, cut, tokens, whole, besides: around + tokenizer.count(settings.marker) };
}

interface ResultParts {
  readonly budget: number;
  readonly costs: readonly DocumentCost[];
  readonly keptOf: (index: number, planned: PlannedTokens) => Kept | undefined;
}

function resultOf(
  tokenizer: FitTokenizer,
  documents: readonly BudgetDocument[],
  { budget, costs, keptOf }: ResultParts,
  { text, ranges, tokens, planned }: Attempt,
): FitResult {
  const { offsets = new Int32Array() } = tokenizer.encode(text, wholeText);
  const inPrompt = documents.map(() => 0);
  let [rest, range] = [0, 0];
  for (let token = 0; token * 2 < offsets.length; token += 1) {
    const start = offsets[token * 2]!;
    while (range < ranges.length && start >= ranges[range]!.end) range += 1;
    const here = ranges[range];
    if (here !== undefined && start >= here.start) inPrompt[here.document]! += 1;
    else rest += 1;
  }
  return {
    prompt: text,
    tokens,
    budget,
    fits: tokens <= budget,
    rest,
    documents: documents.map((document, index): FittedDocument => {
      const kept = keptOf(index, planned[index]);
      const range = ranges.find((entry) => entry.document === index);
      const isWhole = kept !== undefined && kept.head + kept.tail >= document.text.length;
      return {
        name: document.name,
        state: kept === undefined ? 'left out' : isWhole ? 'whole' : 'cut',
        tokens: costs[index]!.tokens,
        inPrompt: inPrompt[index]!,
        kept: kept ?? keptNone,
        ...(range && { place: { start: range.start, end: range.end } }),
      };
    }),
  };
}
