import { afterAll, describe, expect, it } from 'vitest';
import { wave } from '../../test/on-backends';
import type { HostTensor } from '../engine/engine';
import { InputError } from '../errors';
import type { Json } from '../signal/signal';
import { expectClose } from '../test/expect-close';
import { disposeSharedEngines, sharedEngine } from '../test/parity/engine-source';
import { elmBinaryQuantizer, instellaBinaryQuantizer } from './binary';
import { binaryMapperQuantizer } from './binary-mapper';
import { bsqQuantizer } from './bsq';
import { magvit2LfqQuantizer } from './factorized-lfq';
import { fspQuantizer } from './fsp';
import { cosmosFsqQuantizer, fsqQuantizer } from './fsq-quantizer';
import { gqQuantizer } from './gq';
import { groupedQuantizer } from './grouped';
import { latentQuantizer } from './latent';
import { lfqQuantizer } from './lfq-quantizer';
import { ptqQuantizer } from './ptq';
import type { Quantizer } from './quantizer';
import { quantizerSystem } from './quantizer-system';
import { cosmosResidualFsqQuantizer, residualFsqQuantizer } from './residual-fsq';
import { residualLfqQuantizer } from './residual-lfq';
import { s3FsqQuantizer } from './s3-fsq';

/** Every quantizer of scalars and bits: its official arguments, channels, and the shape of a token. */
const table: readonly (readonly [string, AnyQuantizer, Json, number, readonly number[]])[] = [
  ['FSQ', any(fsqQuantizer), { levels: [8, 5, 5, 5] }, 4, []],
  ['FSQ, two codebooks, projections', any(fsqQuantizer), { levels: [7, 5], dim: 6, num_codebooks: 2 }, 6, [2]],
  ['FSQ of Cosmos', any(cosmosFsqQuantizer), { levels: [8, 8, 8, 5, 5, 5] }, 6, []],
  ['FSQ of S3', any(s3FsqQuantizer), { dim: 10 }, 10, []],
  ['residual FSQ', any(residualFsqQuantizer), { levels: [8, 5, 5], num_quantizers: 3, dim: 5 }, 5, [3]],
  ['residual FSQ of Cosmos', any(cosmosResidualFsqQuantizer), { levels: [8, 5], num_quantizers: 2 }, 2, [2]],
  ['FSP', any(fspQuantizer), { levels: [8, 5, 4], dim: 6, act_name: 'normal', need_inv_act: true }, 6, []],
  ['LFQ', any(lfqQuantizer), { dim: 10, codebook_size: 16, num_codebooks: 2 }, 10, [2]],
  ['LFQ of Open-MAGVIT2', any(magvit2LfqQuantizer), { dim: 18, codebook_size: 2 ** 18 }, 18, []],
  ['residual LFQ', any(residualLfqQuantizer), { dim: 6, codebook_size: 16, num_quantizers: 3 }, 6, [3]],
  ['GQ', any(gqQuantizer), { dim: 32, codebook_size: 256, num_codebooks: 4 }, 32, [4]],
  ['BSQ, 18 bits', any(bsqQuantizer), { embed_dim: 18, l2_norm: true }, 18, []],
  ['BSQ, 36 bits', any(bsqQuantizer), { embed_dim: 36, l2_norm: true }, 36, [36]],
  ['binary latents of ELM', any(elmBinaryQuantizer), { codebook_size: 12, emb_dim: 8, num_hiddens: 9 }, 9, [12]],
  ['binary latents of Instella', any(instellaBinaryQuantizer), { codebook_size: 16, emb_dim: 10 }, 10, [16]],
  ['the binary mapper', any(binaryMapperQuantizer), { bits: 6 }, 6, []],
  ['latent quantization', any(latentQuantizer), { levels: [5, 8, 3], dim: 4 }, 4, []],
  ['post-training quantization', any(ptqQuantizer), { bits: 6 }, 5, [5]],
];

type AnyQuantizer = Quantizer<unknown, unknown>;

function any<Config, Params>(quantizer: Quantizer<Config, Params>): AnyQuantizer {
  return quantizer as unknown as AnyQuantizer;
}

async function open(quantizer: AnyQuantizer, args: Json) {
  return quantizerSystem(quantizer).fromConfig(quantizer.parseConfig(args), { engine: await sharedEngine('cpu') });
}

const elements = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
const vectors = (...shape: readonly number[]): HostTensor => ({ shape, data: wave(elements(shape)).map((x) => 2 * x) });

/** The rows of a tensor `[rows, ...]` in another order. */
function reordered({ shape, data }: HostTensor, order: readonly number[]): HostTensor {
  const width = elements(shape.slice(1));
  const rows = order.map((row) => Array.from(data.slice(row * width, (row + 1) * width)));
  return { shape, data: Float32Array.from(rows.flat()) };
}

describe('quantizers of scalars and bits', () => {
  afterAll(disposeSharedEngines);

  it.each(table)(
    '%s: decodes tokens to what it encoded, for any leading axes',
    async (_, quantizer, args, dim, token) => {
      const loaded = await open(quantizer, args);
      const { ids, bits, codes, margins } = await loaded.encode(vectors(2, 3, dim));
      const tokens = ids ?? bits!;
      expect(tokens.shape).toEqual([2, 3, ...token]);
      // Layers are added in another order.
      expectClose(await loaded.decode(tokens), codes!, 1e-6);
      expect(Math.min(...margins!.data)).toBeGreaterThanOrEqual(0);
      expect(Math.min(...tokens.data)).toBeGreaterThanOrEqual(0);
      const flat = await loaded.encode({ ...vectors(2, 3, dim), shape: [6, dim] });
      expect((flat['ids'] ?? flat['bits']!).data).toEqual(tokens.data);
      await loaded.dispose();
    },
  );

  it.each(table)('%s: quantizes every vector on its own, and none at all', async (_, quantizer, args, dim, token) => {
    const loaded = await open(quantizer, args);
    const order = [3, 0, 2, 4, 1];
    const { codes } = await loaded.encode(vectors(5, dim));
    const shuffled = await loaded.encode(reordered(vectors(5, dim), order));
    expect(Array.from(shuffled['codes']!.data)).toEqual(Array.from(reordered(codes!, order).data));
    const none = await loaded.encode({ shape: [0, dim], data: new Float32Array() });
    expect((none['ids'] ?? none['bits']!).shape).toEqual([0, ...token]);
    const decoded = await loaded.decode({ shape: [0, ...token], data: new Int32Array() });
    expect(decoded.shape).toEqual([0, ...codes!.shape.slice(1)]);
    await loaded.dispose();
  });

  it('refuses vectors that are not finite', async () => {
    const loaded = await open(any(lfqQuantizer), { dim: 2 });
    await expect(loaded.encode({ shape: [1, 2], data: Float32Array.of(1, Number.NaN) })).rejects.toThrow(InputError);
    await loaded.dispose();
  });

  it('counts bits of a token, those of groups together', () => {
    const bits = (quantizer: AnyQuantizer, args: Json) => quantizer.bitsPerToken(quantizer.parseConfig(args));
    expect(bits(any(fsqQuantizer), { levels: [8, 8], num_codebooks: 2 })).toBeCloseTo(12, 12);
    expect(bits(any(s3FsqQuantizer), { dim: 4 })).toBeCloseTo(Math.log2(6561), 12);
    expect(bits(any(gqQuantizer), { dim: 64, codebook_size: 256, num_codebooks: 8 })).toBe(64);
    const grouped = any(groupedQuantizer('grouped-residual-fsq', residualFsqQuantizer));
    expect(bits(grouped, { levels: [4, 4], num_quantizers: 3, dim: 4, groups: 2 })).toBeCloseTo(24, 12);
  });
});
