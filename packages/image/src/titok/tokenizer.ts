import {
  feedForwardTokenizer,
  InputError,
  mulberry32,
  torchRandom,
  UnsupportedError,
  type EncodeOptions,
  type HostTensor,
  type ImageSignal,
  type LatentAccess,
  type Model,
  type PrefixUnit,
  type Sampling,
  type TokenLevel,
  type Tokens,
} from '@tesserae/core';
import type { ImageSource } from '../io/read-image';
import { imageFromFloats, prepareImage } from '../pipelines/pipelines';
import type { ImageTokenizer } from '../tokenizer/image-tokenizer';
import { gridOf, rowLevel } from '../tokenizer/levels';
import type { TitokConfig } from './config';

export type TitokTokenizer = ImageTokenizer & LatentAccess<ImageSource>;

/** The rooms of TiTok and One-D-Piece. @param prefixUnit - `token` where any prefix of the tokens decodes. */
export function titokTokenizer(model: Model<TitokConfig>, prefixUnit: PrefixUnit): TitokTokenizer {
  const { config } = model;
  const { latentTokens, tokenSize, codebookSize, imageSize } = config;
  const vae = config.quantizeMode === 'vae';
  const prepare = (input: ImageSource, options: EncodeOptions) =>
    prepareImage(input, options.pipeline ?? model.pipeline, { ...options, size: imageSize });
  const tokenizer = feedForwardTokenizer<TitokConfig, ImageSource, ImageSignal>(model, {
    info: {
      modality: 'image',
      kind: vae ? 'float' : 'index',
      bitsPerToken: vae ? 32 * tokenSize : Math.log2(codebookSize),
      prefixUnit,
      deterministic: true,
      levels: [
        {
          vocabularySize: codebookSize,
          shape: vae ? [latentTokens, tokenSize] : [latentTokens],
          axes: vae ? ['token', 'feature'] : ['token'],
        },
      ],
      signal: { size: imageSize },
    },
    capabilities: ['latents', 'codes', ...(prefixUnit === 'none' ? [] : (['decodeProgressive'] as const))],
    encodeFunction: ({ sample }) => (vae && sample ? 'encodeSample' : 'encode'),
    async prepare(input, options) {
      const { inputs, source } = await prepare(input, options);
      if (!options.sample) return { inputs, source };
      if (!vae) throw new UnsupportedError('sample', `${model.identity.variant} has a codebook: nothing is drawn.`);
      return { inputs: { ...inputs, noise: posteriorNoise(options.sample, config) }, source };
    },
    collect: ({ ids, margins, mean }) => [vae ? floatLevel(mean!) : rowLevel(codebookSize, ids!, margins)],
    restore(tokens): { readonly [name: string]: HostTensor } {
      if (!model.has('decode')) throw withoutPixelDecoder(model);
      return vae ? { codes: floatsOf(tokens) } : { ids: gridOf(tokens) };
    },
    finish: ({ image }, _tokens, { rounding }) => imageFromFloats(image!, rounding ?? 'truncate'),
  });
  return {
    ...tokenizer,
    async latents(input, options = {}) {
      const { inputs } = await prepare(input, options);
      return withoutBatch((await model.run('latents', inputs, options))['latents']!);
    },
    async codes(tokens) {
      if (vae) return withoutBatch(floatsOf(tokens));
      return withoutBatch((await model.run('codes', { ids: gridOf(tokens) }))['codes']!);
    },
  };
}

function withoutPixelDecoder({ identity }: Model<TitokConfig>): UnsupportedError {
  return new UnsupportedError(
    'decode',
    `${identity.variant} is a stage-1 checkpoint: it ends at MaskGIT-VQGAN code logits and has no pixel decoder (no pixel_* tensors). Use the stage-2 release.`,
  );
}

function withoutBatch({ shape, data }: HostTensor): HostTensor {
  return { shape: shape.slice(1), data };
}

/** Mean (or sample) `[1, N, T]`. */
function floatLevel({ shape, data }: HostTensor): TokenLevel {
  return {
    kind: 'float',
    storage: 'float32',
    shape: shape.slice(1),
    axes: ['token', 'feature'],
    data: Float32Array.from(data),
  };
}

function floatsOf(tokens: Tokens): HostTensor {
  const level = tokens.levels[0]!;
  if (level.kind !== 'float') throw new InputError('tokens', 'float tokens', level.kind);
  return { shape: [1, ...level.shape], data: level.data };
}

/** The official code draws `[B, T, 1, N]` on the CPU, whatever the device (image-1d 0.3); ours is `[B, N, T]`. */
function posteriorNoise({ seed, random, noise }: Sampling, { latentTokens, tokenSize }: TitokConfig): HostTensor {
  const count = latentTokens * tokenSize;
  const drawn = noise ?? (random ?? (seed === undefined ? mulberry32(Date.now()) : torchRandom(seed))).normal(count);
  if (drawn.length !== count)
    throw new InputError('sample.noise', `${count} values, [${tokenSize}, 1, ${latentTokens}]`, `${drawn.length}`);
  const data = new Float32Array(count);
  for (let channel = 0; channel < tokenSize; channel += 1) {
    for (let token = 0; token < latentTokens; token += 1)
      data[token * tokenSize + channel] = drawn[channel * latentTokens + token]!;
  }
  return { shape: [1, latentTokens, tokenSize], data };
}
