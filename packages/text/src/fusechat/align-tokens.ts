import { ShapeError } from '@tesserae/core/data';
import { textEditDistance } from '../edit-distance/edit-distance';
import { type Alignment, alignmentOf, warp, type Warping } from './warp';

/** What a vocabulary writes for a space: `▁` (SentencePiece), `Ġ` (byte alphabet). */
export interface SpaceMarkers {
  /** Of the model whose distributions are transferred. */
  readonly blending: string;
  /** Of the model that is trained. */
  readonly base: string;
}

/**
 * `fusechat`: steps back along the base first; a token that is nothing but its marker is compared with it.
 * `fusellm`: steps back along the blending tokens first; markers are always taken away.
 */
export type AlignmentStyle = 'fusechat' | 'fusellm';

export interface AlignTokensOptions {
  /** Default `▁` for the base, `Ġ` for the blending model. */
  readonly markers?: SpaceMarkers;
  /** Default `fusechat`. */
  readonly style?: AlignmentStyle;
}

export const defaultMarkers: SpaceMarkers = { blending: '\u0120', base: '\u2581' };

/** Spellings of a byte-alphabet vocabulary that FuseChat rewrites before it compares tokens (Llama 3 to Mistral). */
export const byteAlphabetSpellings: Readonly<Record<string, string>> = {
  '\u00e2\u0122\u013b': '\u2019',
  '\u00e2\u0122\u0136': '\u2014',
  '\u00e2\u0122\u013f': '\u201d',
  '\u010d': '\r',
  '\u0109': '<0x09>',
  '\u010a': '<0x0A>',
};

/** Tokens with parts of them written as another vocabulary does. */
export function respell(tokens: readonly string[], spellings = byteAlphabetSpellings): string[] {
  return tokens.map((token) =>
    Object.entries(spellings).reduce((text, [from, to]) => text.replaceAll(from, to), token),
  );
}

/**
 * Sets the tokens of one text under two tokenizers against each other by dynamic time warping over edit distances
 * (FuseLLM, arXiv 2401.10491, section 3.2; FuseChat, arXiv 2408.07990). The first sequence are the blending tokens, the
 * second the base tokens.
 *
 * @throws {InputError} A text without tokens.
 */
export function alignTokens(
  blendingTokens: readonly string[],
  baseTokens: readonly string[],
  options: AlignTokensOptions = {},
): Warping {
  const { markers = defaultMarkers, style = 'fusechat' } = options;
  const known = new Map<string, number>();
  const cost = (i: number, j: number) => {
    const key = `${blendingTokens[i]!}\u0000${baseTokens[j]!}`;
    let distance = known.get(key);
    if (distance === undefined) {
      distance = markerlessDistance(blendingTokens[i]!, baseTokens[j]!, markers, style);
      known.set(key, distance);
    }
    return distance;
  };
  const prefer = style === 'fusechat' ? 'second' : 'first';
  return warp(blendingTokens.length, baseTokens.length, cost, prefer);
}

function markerlessDistance(blending: string, base: string, markers: SpaceMarkers, style: AlignmentStyle): number {
  const [left, right] = withoutMarkers(blending, base, markers, style);
  return textEditDistance(left, right);
}

/** A blending and a base token as they are compared. */
export function withoutMarkers(
  blending: string,
  base: string,
  markers: SpaceMarkers,
  style: AlignmentStyle = 'fusechat',
): readonly [string, string] {
  const left = blending.replaceAll(markers.blending, '');
  const right = base.replaceAll(markers.base, '');
  const isEmpty = left === '' || right === '';
  return isEmpty && style === 'fusechat' ? [blending.replaceAll(markers.blending, markers.base), base] : [left, right];
}

/**
 * Sets tokens against each other that cover the same characters: exact where both tokenizers keep offsets.
 *
 * @param first - `[start, end]` of every token, end to end, as `TextEncoding.offsets`. Tokens without text (`[n, n]`)
 *   stand alone.
 * @throws {ShapeError} Offsets that are no pairs.
 */
export function alignByOffsets(first: ArrayLike<number>, second: ArrayLike<number>): Alignment {
  for (const [name, { length }] of Object.entries({ first, second })) {
    if (length % 2 !== 0) throw new ShapeError(`alignByOffsets: ${name}`, 'pairs of start and end', [length]);
  }
  const matches: [number, number][] = [];
  let from = 0;
  for (let i = 0; i * 2 < first.length; i += 1) {
    const [start, end] = [first[i * 2]!, first[i * 2 + 1]!];
    while (from * 2 < second.length && second[from * 2 + 1]! <= start) from += 1;
    for (let j = from; j * 2 < second.length && second[j * 2]! < end; j += 1) {
      if (second[j * 2 + 1]! > Math.max(start, second[j * 2]!)) matches.push([i, j]);
    }
  }
  return alignmentOf(matches, first.length / 2, second.length / 2);
}
