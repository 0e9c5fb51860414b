import type { AllowedTokens } from '../bpe/special-tokens';
import { type Parts, pausingWith, stepSize } from '../tokenizer/steps';
import type { TokenSequence } from '../tokenizer/token-sequence';
import { alignText, sliceText } from './aligned-text';
import { byteRanges } from './byte-ranges';
import { createCollector } from './collector';
import { normalizeInSteps } from './normalizers/normalizer';
import { type Part, type Pipeline, wellFormed, wholeText } from './pipeline';
import { wordsInSteps } from './pre-tokenizers/pre-tokenizer';

/** Tokens given at once. */
const tokensAtOnce = 1 << 12;

/** The tokens of a text of any length, some at a time, with a pause after every few milliseconds of work. */
export function* encodeInParts(
  pipeline: Pipeline,
  text: string,
  allowed: AllowedTokens,
  hasOffsets: boolean,
): Parts<TokenSequence> {
  const { model } = pipeline;
  const collector = createCollector(text, hasOffsets);
  let word = 0;
  for (const batch of partBatches(pipeline, text, allowed, hasOffsets)) {
    for (const part of batch) {
      const ranges = byteRanges(part.text);
      const content = part.text.text;
      if (part.id >= 0) {
        collector.add(wholeText(part), ranges, word);
      } else if (!model.encodeParts || content.length <= stepSize) {
        collector.add(model.encodeWord(content, {}), ranges, word);
      } else {
        for (const tokens of model.encodeParts(content)) {
          if (tokens) collector.add(tokens, ranges, word);
          yield collector.count() >= tokensAtOnce ? collector.take() : undefined;
        }
      }
      word += 1;
      if (collector.count() >= tokensAtOnce) yield collector.take();
    }
    yield undefined;
  }
  yield collector.take();
}

const noParts: readonly Part[] = [];

/** Added tokens and words of a text, in order, some at a time. */
function* partBatches(
  { rawTokens, normalizedTokens, normalizer, preTokenizer }: Pipeline,
  text: string,
  allowed: AllowedTokens,
  tracked: boolean,
): Generator<readonly Part[], void, void> {
  const whole = alignText(wellFormed(text), 0, tracked);
  for (const raw of yield* pausingWith(noParts, rawTokens.splitSteps(whole.text, allowed))) {
    const section = sliceText(whole, raw.start, raw.end);
    if (section.text === '') continue;
    if (raw.id >= 0) {
      yield [{ text: section, id: raw.id }];
      continue;
    }
    const normalized = normalizer ? yield* pausingWith(noParts, normalizeInSteps(normalizer, section)) : section;
    for (const found of yield* pausingWith(noParts, normalizedTokens.splitSteps(normalized.text, allowed))) {
      if (found.end <= found.start) continue;
      const stretch = sliceText(normalized, found.start, found.end);
      if (found.id >= 0 || !preTokenizer) {
        yield [{ text: stretch, id: found.id }];
        continue;
      }
      for (const words of wordsInSteps(preTokenizer, stretch)) {
        yield words.flatMap((one) => (one.text === '' ? [] : [{ text: one, id: -1 }]));
      }
    }
  }
}
