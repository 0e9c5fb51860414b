import type { MaskgitVqganConfig } from '../../../../packages/image/src/maskgit-vqgan/config';
import type { TitokConfig, VitSize } from '../../../../packages/image/src/titok/config';
import type { Direction } from '../direction';

/**
 * Floating point operations of the products and convolutions of one picture; a product and a sum count two. What is
 * done element by element (norms, softmax, activations) is left out, so that shares of the peak are a lower bound.
 */
export function modelFlops(config: TitokConfig, direction: Direction): number {
  const { imageSize, latentTokens, tokenSize, codebookSize, encoder, decoder, pixelDecoder } = config;
  const side = imageSize / (direction === 'encode' ? encoder : decoder).patchSize;
  const tokens = 1 + side * side + latentTokens;
  if (direction === 'encode') {
    const patches = linear(side * side, 3 * encoder.patchSize ** 2, encoder.width);
    const latents = linear(latentTokens, encoder.width, tokenSize) + linear(latentTokens, tokenSize, codebookSize);
    return patches + transformerFlops(encoder, tokens) + latents;
  }
  const { width } = decoder;
  const head = pixelDecoder
    ? linear(side * side, width, 2 * width) +
      linear(side * side, 2 * width, pixelDecoder.codebookSize) +
      linear(side * side, pixelDecoder.codebookSize, pixelDecoder.latentChannels) +
      pixelDecoderFlops(pixelDecoder, side)
    : 0;
  return linear(latentTokens, tokenSize, width) + transformerFlops(decoder, tokens) + head;
}

/** Blocks of width W over N tokens: 12 W² weights a token, and two products of N x N x W. */
export function transformerFlops({ width, layers }: VitSize, tokens: number): number {
  return layers * (linear(tokens, width, 12 * width) + 2 * linear(tokens, tokens, width));
}

/** The decoder of the MaskGIT-VQGAN on a grid of `side` x `side` codes. */
export function pixelDecoderFlops(config: MaskgitVqganConfig, side: number): number {
  const { channels, hiddenChannels, channelMultipliers, residualBlocks, latentChannels } = config;
  const widths = channelMultipliers.map((multiplier) => hiddenChannels * multiplier);
  const block = (area: number, from: number, to: number) =>
    linear(area, 9 * from, to) + linear(area, 9 * to, to) + (from === to ? 0 : linear(area, to, to));
  const last = widths.at(-1)!;
  let area = side * side;
  let sum = linear(area, 9 * latentChannels, last) + residualBlocks * block(area, last, last);
  let from = last;
  for (let level = widths.length - 1; level >= 0; level -= 1) {
    const width = widths[level]!;
    sum += block(area, from, width) + (residualBlocks - 1) * block(area, width, width);
    if (level > 0) {
      area *= 4;
      sum += linear(area, 9 * width, width);
    }
    from = width;
  }
  return sum + linear(area, 9 * from, channels);
}

/** A product of `[rows, from]` with `[from, to]`. */
function linear(rows: number, from: number, to: number): number {
  return 2 * rows * from * to;
}
