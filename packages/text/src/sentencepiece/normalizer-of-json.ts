import type { JsonFields } from '../pipeline/json-reader';
import type { Refuse } from './from-json';
import { collapsing, trimming } from './save-json';

/** A step as a tokenizer.json has it. */
interface Step {
  readonly type?: string;
  readonly normalizers?: readonly Step[];
  readonly pattern?: { readonly String?: string; readonly Regex?: string };
  readonly content?: string;
  readonly prepend?: string;
  readonly precompiled_charsmap?: string;
  readonly replacement?: string;
  readonly prepend_scheme?: string;
  readonly add_prefix_space?: boolean;
  readonly split?: boolean;
}

/** What SentencePiece does before it segments. */
interface FoundNormalizer {
  /** Base64. */
  readonly charsmap: string | undefined;
  readonly hasPrefix: boolean;
  readonly removesSpaces: boolean;
}

/**
 * The normalizer and pre-tokenizer of a tokenizer.json as settings of SentencePiece.
 *
 * @param joinsWords - Some piece reaches over the beginning of a word.
 */
export function normalizerOfJson(json: JsonFields, joinsWords: boolean, refuse: Refuse): FoundNormalizer {
  const steps = flatten(json['normalizer'] as Step | null | undefined).map((step, index) => ({ step, index }));
  const take = (fits: (step: Step) => boolean): Step | undefined =>
    steps[0] && fits(steps[0].step) ? steps.shift()!.step : undefined;
  const charsmap = take(({ type }) => type === 'Precompiled')?.precompiled_charsmap;
  const trims = take((step) => isReplace(step, trimming, '')) !== undefined;
  const collapses = take((step) => isReplace(step, collapsing, ' ')) !== undefined;
  if (trims !== collapses) throw refuse('normalizer', 'removes some white space only');
  const hasPrefix = take(({ type, prepend }) => type === 'Prepend' && prepend === '▁') !== undefined;
  const marks = take(({ type, pattern, content }) => type === 'Replace' && pattern?.String === ' ' && content === '▁');
  const rest = steps[0];
  if (rest) throw refuse('normalizer', `has the step ${rest.index} (${rest.step.type}) that has no counterpart`);
  const cutter = json['pre_tokenizer'] as Step | null | undefined;
  const marksLater = cutter ? checkCutter(cutter, marks !== undefined, joinsWords, refuse) : false;
  if (!marks && !marksLater) throw refuse('normalizer', 'does not write spaces as ▁');
  return { charsmap, hasPrefix, removesSpaces: trims };
}

const flatten = (step: Step | null | undefined): readonly Step[] =>
  step ? (step.type === 'Sequence' ? (step.normalizers ?? []).flatMap(flatten) : [step]) : [];

const isReplace = ({ type, pattern, content }: Step, regex: string, by: string): boolean =>
  type === 'Replace' && pattern?.Regex === regex && content === by;

/** A pre-tokenizer that changes nothing for these pieces. True where it writes spaces as markers. */
function checkCutter(cutter: Step, isMarked: boolean, joinsWords: boolean, refuse: Refuse): boolean {
  const { type, pattern, replacement = '▁', prepend_scheme: scheme, add_prefix_space: prefix, split } = cutter;
  // All spaces are markers by then.
  if (type === 'Split' && pattern?.String === ' ' && isMarked) return false;
  if (type !== 'Metaspace' || replacement !== '▁') throw refuse('pre_tokenizer', `is ${type}`);
  if ((scheme ?? (prefix === false ? 'never' : 'always')) !== 'never') {
    throw refuse('pre_tokenizer.prepend_scheme', 'puts ▁ only before texts that do not begin with one');
  }
  if (split !== false && joinsWords) throw refuse('pre_tokenizer.split', 'cuts words that some tokens reach over');
  return true;
}
