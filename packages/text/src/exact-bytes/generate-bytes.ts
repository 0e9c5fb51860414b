import { InputError } from '@tesserae/core/data';
import { ensembleBytes } from './byte-ensemble';
import { advanceBytes, type BytePredictor, type ByteState, startBytes } from './byte-state';
import type { CoverOptions } from './cover-encodings';
import { sampleSymbol, type SampleSymbolOptions } from './shape-bytes';

export interface GenerateBytesOptions extends SampleSymbolOptions {
  /** Default 100. */
  readonly maxBytes?: number;
  /** Of each model, in place of its own beginning. */
  readonly contexts?: readonly CoverOptions[];
  /** Weights of the models in the mean. Default: equal. */
  readonly weights?: readonly number[];
  readonly signal?: AbortSignal;
}

/** What was generated. */
export interface GeneratedBytes {
  /** Without the text at the beginning; may end inside a character. */
  readonly bytes: Uint8Array;
  /** The symbol above 255 that ended it, or undefined where `maxBytes` did. */
  readonly end: number | undefined;
  /** Natural logarithm of the probability of the bytes, before temperature and top-p. */
  readonly logProbability: number;
}

/**
 * Continues a text byte by byte by one model or by the mean of several, whatever their tokenizers are
 * (`generate` of the official code of arXiv 2410.09303). The models must agree on the bytes of a space and on the
 * meaning of the symbols from 256 on: all SentencePiece, or all byte-level without special tokens.
 *
 * @throws {InputError} No model, or what `startBytes`, `ensembleBytes` and `sampleSymbol` reject.
 * @throws {DOMException} `AbortError`, or the reason of the signal.
 */
export async function generateBytes(
  predictors: readonly BytePredictor[],
  text: string,
  options: GenerateBytesOptions = {},
): Promise<GeneratedBytes> {
  const { maxBytes = 100, contexts = [], weights } = options;
  if (predictors.length === 0) throw new InputError('predictors', 'at least one', 'none');
  if (!Number.isInteger(maxBytes) || maxBytes < 0)
    throw new InputError('maxBytes', 'an integer of at least 0', String(maxBytes));
  const symbols = Math.min(...predictors.map(({ tokenizer }) => 256 + tokenizer.specials.length), 259);
  const bytes: number[] = [];
  let states: ByteState[] | undefined;
  let logProbability = 0;
  while (bytes.length < maxBytes) {
    options.signal?.throwIfAborted();
    states = await Promise.all(
      predictors.map((predictor, place) => {
        const before = states?.[place];
        return before ? advanceBytes(predictor, before, bytes.at(-1)!) : startBytes(predictor, text, contexts[place]);
      }),
    );
    const alone = states.length === 1 ? states[0]!.probabilities : undefined;
    const mean =
      alone ??
      ensembleBytes(
        states.map(({ probabilities }) => probabilities),
        symbols,
        weights,
      );
    const symbol = sampleSymbol(mean, options);
    logProbability += Math.log(mean[symbol]!);
    if (symbol > 255) return { bytes: Uint8Array.from(bytes), end: symbol, logProbability };
    bytes.push(symbol);
  }
  return { bytes: Uint8Array.from(bytes), end: undefined, logProbability };
}
