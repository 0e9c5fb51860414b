import { InputError } from '@tesserae/core/data';
import { createMergeSpace } from '../bpe/merge';
import { utf8Decode, utf8Encode } from '../bytes/utf8';
import { allParts, type Parts } from '../tokenizer/steps';
import type { SequenceOptions } from '../tokenizer/text-model';
import { bpeParts, createPieceMerges } from './bpe-model';
import { readCharsmap } from './charsmap';
import { bestPaths, buildLattice, drawIndex, samplePath } from './lattice';
import type { NormalizerFacts, SentencePieceFile } from './model-proto';
import { normalizeBytes, normalizeBytesInSteps, type SentencePieceNormalizer } from './normalize';
import { characterParts, wordParts } from './piece-models';
import { createPieceLattice, type PieceLattice, unigramParts } from './unigram-model';
import { createPieceVocabulary, type FoundPiece, type PieceVocabulary } from './vocabulary';

type EncodeOptions = Pick<SequenceOptions, 'sampling' | 'random' | 'dropout'>;

/** A SentencePiece model ready to encode. */
export interface PieceEncoder {
  readonly vocabulary: PieceVocabulary;
  readonly normalizer: SentencePieceNormalizer;
  /** Of unigram models. */
  readonly lattice: PieceLattice | undefined;
  /** Segments normalized text. */
  readonly segment: (text: string, options: EncodeOptions) => readonly FoundPiece[];
  /** The same without options, some pieces at a time. */
  readonly segmentParts: (text: string) => Parts<readonly FoundPiece[]>;
}

/** @throws {ConfigError} The model is not in order. */
export function createPieceEncoder(file: SentencePieceFile, name: string): PieceEncoder {
  const vocabulary = createPieceVocabulary(file, name);
  const normalizer = createNormalizer(file.normalizer, vocabulary, name);
  const { modelType } = file.trainer;
  const lattice = modelType === 'unigram' ? createPieceLattice(vocabulary) : undefined;
  const parts = { vocabulary, normalizer, lattice };
  if (lattice) {
    return {
      ...parts,
      segment: (text, options) => segmentUnigram(lattice, text, options),
      segmentParts: (text) => unigramParts(lattice, text),
    };
  }
  if (modelType === 'bpe') {
    const merges = createPieceMerges(vocabulary);
    const space = createMergeSpace();
    return {
      ...parts,
      segment(text, { sampling, dropout: given, random }) {
        const dropout = given || (sampling?.alpha ?? 0);
        return allParts(bpeParts(merges, text, space, random && dropout > 0 ? { dropout, random } : undefined));
      },
      segmentParts: (text) => bpeParts(merges, text, createMergeSpace()),
    };
  }
  const encode = modelType === 'char' ? characterParts : wordParts;
  return {
    ...parts,
    segment: (text) => allParts(encode(vocabulary, text)),
    segmentParts: (text) => encode(vocabulary, text),
  };
}

/** @param facts - Those of the model, or others to see what they give. */
export function createNormalizer(
  facts: NormalizerFacts,
  { matcher, file }: PieceVocabulary,
  name: string,
): SentencePieceNormalizer {
  const charsmap = readCharsmap(facts.charsmap, `${name}: normalizer_spec.precompiled_charsmap`);
  return { facts, charsmap, matcher, isSuffix: file.trainer.treatWhitespaceAsSuffix };
}

const largestNbest = 512;

function segmentUnigram(model: PieceLattice, text: string, { sampling, random }: EncodeOptions): readonly FoundPiece[] {
  if (!sampling || !random) return allParts(unigramParts(model, text));
  const { nbestSize = -1, alpha } = sampling;
  if (!Number.isInteger(nbestSize) || nbestSize > largestNbest) {
    throw new InputError('sampling.nbestSize', `an integer up to ${largestNbest}`, String(nbestSize));
  }
  if (nbestSize === 0 || nbestSize === 1 || text === '') return allParts(unigramParts(model, text));
  const lattice = buildLattice(model, text);
  if (nbestSize < 0) return samplePath(lattice, alpha, random);
  const paths = bestPaths(lattice, nbestSize);
  return paths[
    drawIndex(
      paths.map(({ score }) => Math.exp(alpha * (score - paths[0]!.score))),
      random,
    )
  ]!.pieces;
}

/** A piece with its places: in bytes of the original text, and in bytes of the normalized one. */
export interface PlacedPiece {
  readonly id: number;
  readonly begin: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

export interface EncodedPieces {
  readonly pieces: readonly PlacedPiece[];
  /** Bytes of the normalized text. */
  readonly normalized: Uint8Array;
}

/** Normalizes, segments, turns unknown pieces into bytes or joins them. */
export function encodePieces(encoder: PieceEncoder, text: string, options: EncodeOptions): EncodedPieces {
  const { bytes, origins } = normalizeBytes(encoder.normalizer, utf8Encode(text));
  const found = encoder.segment(utf8Decode(bytes), options);
  return { pieces: placePieces(encoder.vocabulary, found, bytes, origins), normalized: bytes };
}

/** The same without options, some pieces at a time. */
export function* encodePiecesInParts(encoder: PieceEncoder, text: string): Parts<EncodedPieces> {
  const { bytes, origins } = yield* normalizeBytesInSteps(encoder.normalizer, utf8Encode(text));
  yield;
  const seen = utf8Decode(bytes);
  yield;
  const placer = createPlacer(encoder.vocabulary, bytes, origins);
  for (const found of encoder.segmentParts(seen)) {
    yield found && { pieces: placer.place(found), normalized: bytes };
  }
  yield { pieces: placer.end(), normalized: bytes };
}

/** Pieces of a segmentation with their places. */
export function placePieces(
  vocabulary: PieceVocabulary,
  found: readonly FoundPiece[],
  normalized: Uint8Array,
  origins: Int32Array,
): readonly PlacedPiece[] {
  const placer = createPlacer(vocabulary, normalized, origins);
  const pieces = placer.place(found);
  pieces.push(...placer.end());
  return pieces;
}

/** Places pieces as they are found. */
function createPlacer({ unknownId, lengths, byteIds }: PieceVocabulary, normalized: Uint8Array, origins: Int32Array) {
  /** Unknown text that the next piece may join. */
  let unknown: PlacedPiece | undefined;
  let from = 0;
  const place = (found: readonly FoundPiece[]): PlacedPiece[] => {
    const pieces: PlacedPiece[] = [];
    for (const { id } of found) {
      const isUnknown = id === unknownId;
      const to = from + (isUnknown ? characterLength(normalized, from) : lengths[id]!);
      const [begin, end] = [origins[from]!, origins[to]!];
      if (!isUnknown || byteIds) {
        if (unknown) pieces.push(unknown);
        unknown = undefined;
      }
      if (isUnknown && byteIds) {
        // The last byte has the text of the character, the others none.
        for (let at = from; at < to; at += 1) {
          pieces.push({ id: byteIds[normalized[at]!]!, begin, end: at + 1 === to ? end : begin, from: at, to: at + 1 });
        }
      } else if (isUnknown) {
        unknown = unknown ? { ...unknown, end, to } : { id, begin, end, from, to };
      } else {
        pieces.push({ id, begin, end, from, to });
      }
      from = to;
    }
    return pieces;
  };
  const end = (): PlacedPiece[] => {
    const last = unknown ? [unknown] : [];
    unknown = undefined;
    return last;
  };
  return { place, end };
}

function characterLength(bytes: Uint8Array, start: number): number {
  let end = start + 1;
  while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end += 1;
  return end - start;
}
