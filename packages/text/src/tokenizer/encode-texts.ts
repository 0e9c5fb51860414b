import { asEncoding } from './as-encoding';
import { checkOptions, paddingPlan, textsOf } from './encode-options';
import { padSequences } from './padding';
import type { TextModel } from './text-model';
import type { TextEncodeOptions, TextEncoding, TextInput, TruncationOptions } from './text-tokenizer';
import { joinSequences, retypeSequence, type TokenSequence } from './token-sequence';
import { truncateSequences } from './truncation';

/**
 * Encodes texts and pairs of texts: special tokens, truncation, templates, then padding over all of them.
 *
 * @param argument - What errors call the input.
 */
export function encodeTexts(
  model: TextModel,
  inputs: readonly TextInput[],
  options: TextEncodeOptions,
  argument: (index: number) => string,
): TextEncoding[] {
  checkOptions(options);
  const { defaults } = model;
  const addSpecialTokens = options.addSpecialTokens ?? defaults.addSpecialTokens;
  const unit = options.offsets;
  const { truncation = defaults.truncation } = options;
  const plan = paddingPlan(model, options);
  const all = inputs.map((input, index) => textsOf(argument(index), input, options.pair));
  const sequenceOptions = { ...options, specials: options.specials ?? defaults.specials, offsets: unit !== undefined };
  const encoded = all.map((texts): TokenSequence => {
    let sequences: readonly TokenSequence[] = texts.map((text, place) => {
      const enough = truncation && enoughTokens(truncation, place);
      const sequence = model.sequence(text, { ...sequenceOptions, ...(enough && { enough }) });
      // As a model gives them they are of type 0 and of the first text.
      return place === 0 ? sequence : retypeSequence(sequence, place, place);
    });
    const added = addSpecialTokens ? model.addedCount(texts.length > 1) : 0;
    if (truncation) sequences = truncateSequences(sequences, truncation, added);
    return joinSequences(model.postProcess(sequences, addSpecialTokens));
  });
  const padded = plan ? padSequences(encoded, plan) : encoded;
  const tokenOf = (id: number) => model.idToToken(id) ?? '';
  return padded.map((sequence, index) => {
    const [first = '', second = ''] = all[index]!;
    return asEncoding(sequence, unit, [first, second], tokenOf);
  });
}

/** What the Hugging Face library tokenizes before it truncates, and so what can overflow. */
function enoughTokens({ maxLength, strategy, direction = 'right' }: TruncationOptions, place: number) {
  return strategy === 'only-second' && place === 0 ? undefined : { tokens: maxLength, direction };
}
