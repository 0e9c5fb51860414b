import { InputError } from '@tesserae/core/data';
import { utf8Decode, utf8Encode } from '../bytes/utf8';
import { createTextTokenizer } from '../tokenizer/create-text-tokenizer';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import { createPieceEncoder, type PieceEncoder, placePieces } from './encode-pieces';
import { bestPaths, buildLattice, latticeEntropy } from './lattice';
import { readModelProto, type SentencePieceFile } from './model-proto';
import { normalizeBytes } from './normalize';
import { createSentencePieceModel } from './sentencepiece-model';

/** A segmentation with its log probability. */
export interface ScoredSegmentation {
  readonly ids: Int32Array;
  readonly score: number;
}

/** What SentencePiece models can do beyond every other tokenizer. */
export interface SentencePieceTokenizer extends TextTokenizer {
  /** The text as the model sees it: normalized, white space shown as `▁`. */
  normalize(text: string): string;
  /**
   * The most probable segmentations, best first; fewer where there are not so many.
   *
   * @param count - 1..1024.
   * @throws {InputError} The model is no unigram model.
   */
  nbest(text: string, count: number): ScoredSegmentation[];
  /**
   * Entropy of the segmentations of a text, in nats.
   *
   * @param alpha - Inverse temperature of the scores.
   * @throws {InputError} The model is no unigram model.
   */
  entropy(text: string, alpha: number): number;
  /** Pieces, scores and settings of the file. */
  readonly file: SentencePieceFile;
}

export interface SentencePieceOptions {
  /** What errors and tokens call it. Default `sentencepiece`. */
  readonly name?: string;
}

/**
 * Reads a SentencePiece `.model` file: unigram, BPE, word or character.
 *
 * @throws {ConfigError} The bytes are no such file, or the model is not in order.
 */
export function fromSentencePiece(
  bytes: Uint8Array,
  { name = 'sentencepiece' }: SentencePieceOptions = {},
): SentencePieceTokenizer {
  const file = readModelProto(bytes, name);
  const encoder = createPieceEncoder(file, name);
  const normalized = (text: string) => normalizeBytes(encoder.normalizer, utf8Encode(text));
  return {
    ...createTextTokenizer(createSentencePieceModel(encoder, name)),
    file,
    normalize: (text) => utf8Decode(normalized(text).bytes),
    nbest(text, count) {
      if (!Number.isInteger(count) || count < 1 || count > 1024) {
        throw new InputError('count', 'an integer of 1..1024', String(count));
      }
      const model = unigramOf(encoder, 'nbest');
      const { bytes: seen, origins } = normalized(text);
      return bestPaths(buildLattice(model, utf8Decode(seen)), count).map(({ pieces, score }) => ({
        ids: Int32Array.from(placePieces(encoder.vocabulary, pieces, seen, origins), ({ id }) => id),
        score,
      }));
    },
    entropy: (text, alpha) =>
      latticeEntropy(buildLattice(unigramOf(encoder, 'entropy'), utf8Decode(normalized(text).bytes)), alpha),
  };
}

function unigramOf({ lattice, vocabulary }: PieceEncoder, call: string) {
  if (lattice) return lattice;
  throw new InputError(call, 'a unigram model', `a ${vocabulary.file.trainer.modelType} model`);
}
