import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportWeights } from '../src/checkpoint/export-weights';
import { randomValues, randomWeights } from '../src/checkpoint/random-weights';
import { isWeightTensor } from '../src/checkpoint/weight-recipe';
import type { Engine, HostTensor } from '../src/engine/engine';
import { selectEngine } from '../src/engine/select-engine';
import * as nn from '../src/nn';
import type { Quantizer } from '../src/quantize/quantizer';
import { quantizerSystem } from '../src/quantize/quantizer-system';
import { mulberry32 } from '../src/random/mulberry32';
import type { Json } from '../src/signal/signal';
import { useLeakGuard } from '../src/test/leak-guard';
import { safetensorsBytes } from '../src/test/safetensors-bytes';

interface Entry {
  readonly quantizer: Quantizer<never, never>;
  /** Arguments of the official class. */
  readonly args: Json;
  /** Of the vectors. */
  readonly shape: readonly number[];
  /** The codes of a code are the code itself: rows are distinct and nothing is projected. */
  readonly isIdempotent?: boolean;
}

const entry = <Config, Params>(
  quantizer: Quantizer<Config, Params>,
  args: Json,
  shape: readonly number[],
  options: { readonly isIdempotent?: boolean } = {},
): Entry => ({ quantizer: quantizer as unknown as Quantizer<never, never>, args, shape, ...options });

const idempotent = { isIdempotent: true };
const entries: readonly Entry[] = [
  entry(nn.vectorQuantizer, { impl: 'llamagen', n_e: 16, e_dim: 4 }, [2, 5, 4], idempotent),
  entry(nn.multiHeadVectorQuantizer, { dim: 6, codebook_size: 12, heads: 2, codebook_dim: 3 }, [2, 5, 6]),
  entry(nn.averagedVectorQuantizer, { impl: 'norm-ema', n_embed: 12, embedding_dim: 4 }, [2, 5, 4]),
  entry(nn.productVectorQuantizer, { product_quant: 2, impl: 'llamagen', n_e: 12, e_dim: 3 }, [2, 5, 6]),
  entry(
    nn.productMultiScaleQuantizer,
    { product_quant: 2, vocab_size: 12, Cvae: 2, v_patch_nums: [1, 2, 4], share_quant_resi: 4 },
    [2, 4, 4, 4],
  ),
  entry(nn.simVq, { impl: 'simvq', n_e: 12, e_dim: 4 }, [2, 5, 4], idempotent),
  entry(nn.residualSimVq, { dim: 4, num_quantizers: 3, codebook_size: 12 }, [2, 5, 4]),
  entry(nn.ibq, { n_e: 12, e_dim: 4 }, [2, 5, 4]),
  entry(nn.gumbelQuantizer, { num_hiddens: 5, embedding_dim: 4, n_embed: 12 }, [2, 5, 5]),
  entry(nn.dualQuantizer, { n_e: 12, split: [4, 2] }, [2, 5, 6], idempotent),
  entry(nn.dualMultiScaleQuantizer, { n_e: 12, split: [4, 2], scales: [1, 2, 4] }, [2, 4, 4, 6]),
  entry(nn.memcodes, { dim: 8, codebook_size: 10, heads: 2 }, [2, 5, 8]),
  entry(
    nn.multiScaleQuantizer,
    { vocab_size: 12, Cvae: 4, v_patch_nums: [1, 2, 4], share_quant_resi: 4 },
    [2, 4, 4, 4],
  ),
  entry(nn.hierarchicalQuantizer, { dim: 4, codebook_size: 12, scales: [1, 2, 4] }, [2, 4, 4, 4]),
  entry(nn.residualVectorQuantizer, { dim: 6, num_quantizers: 3, codebook_size: 7 }, [2, 5, 6]),
  entry(nn.residualEncodecQuantizer, { num_quantizers: 3, dim: 6, codebook_size: 12 }, [2, 5, 6]),
  entry(nn.encodecVectorQuantizer, { dim: 6, codebook_size: 12 }, [2, 5, 6]),
  entry(nn.groupedResidualVectorQuantizer, { dim: 8, groups: 2, num_quantizers: 2, codebook_size: 11 }, [2, 5, 8]),
  entry(nn.factorizedVectorQuantizer, { input_dim: 9, codebook_size: 12, codebook_dim: 4 }, [2, 5, 9]),
  entry(
    nn.residualFactorizedQuantizer,
    { input_dim: 9, n_codebooks: 3, codebook_size: 12, codebook_dim: 4 },
    [2, 5, 9],
  ),
  entry(nn.fsqQuantizer, { levels: [8, 5, 5, 5] }, [2, 5, 4]),
  entry(nn.cosmosFsqQuantizer, { levels: [8, 5, 5] }, [2, 5, 3]),
  entry(nn.residualFsqQuantizer, { levels: [8, 5, 5], num_quantizers: 3, dim: 3 }, [2, 5, 3]),
  entry(nn.cosmosResidualFsqQuantizer, { levels: [8, 5, 5], num_quantizers: 2 }, [2, 5, 3]),
  entry(nn.s3FsqQuantizer, { dim: 12 }, [2, 5, 12]),
  entry(nn.fspQuantizer, { levels: [8, 5, 4] }, [2, 5, 3]),
  entry(nn.lfqQuantizer, { dim: 8 }, [2, 5, 8], idempotent),
  entry(nn.residualLfqQuantizer, { dim: 8, codebook_size: 16, num_quantizers: 3 }, [2, 5, 8]),
  entry(nn.magvit2LfqQuantizer, { dim: 6, codebook_size: 64 }, [2, 5, 6], idempotent),
  entry(nn.gqQuantizer, { dim: 16, codebook_size: 256, num_codebooks: 2 }, [2, 5, 16], idempotent),
  entry(nn.bsqQuantizer, { embed_dim: 18, group_size: 9 }, [2, 5, 18], idempotent),
  entry(nn.latentQuantizer, { levels: [5, 5, 8], dim: 3 }, [2, 5, 3]),
  entry(nn.elmBinaryQuantizer, { codebook_size: 12, emb_dim: 8, num_hiddens: 9, use_tanh: false }, [2, 5, 9]),
  entry(nn.instellaBinaryQuantizer, { codebook_size: 16, emb_dim: 10, num_latent_tokens: 5 }, [2, 5, 10]),
  entry(nn.binaryMapperQuantizer, { bits: 6 }, [2, 5, 6]),
  entry(nn.ptqQuantizer, { bits: 6, min: -5, max: 5, std_range: 3 }, [2, 5, 4], idempotent),
  entry(nn.randomProjectionQuantizer, { dim: 16, codebook_size: 20, codebook_dim: 6 }, [2, 5, 16]),
];

/** One seed for weights made in memory and for the file. */
const seed = 3;

describe('every quantizer', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await selectEngine('cpu');
  });
  afterAll(() => engine.dispose());
  useLeakGuard();

  it('stands in this list', () => {
    const listed = new Set<unknown>(entries.map(({ quantizer }) => quantizer));
    const exported = Object.entries(nn).filter(([, value]) => typeof value === 'object' && 'parseConfig' in value);
    expect(exported.flatMap(([name, value]) => (listed.has(value) ? [] : [name]))).toEqual([]);
  });

  describe.each(entries.map((each) => [each.quantizer.kind, each] as const))('%s', (_kind, each) => {
    const { quantizer, args, shape, isIdempotent } = each;
    const config = quantizer.parseConfig(args);
    const vectors = (of: readonly number[] = shape): HostTensor => ({
      shape: of,
      data: mulberry32(5).normal(of.reduce((product, length) => product * length, 1)),
    });
    const open = () => quantizerSystem(quantizer).fromConfig(config, { seed, engine });

    it('decodes what it encodes, with ids in range', async () => {
      const loaded = await open();
      const { ids, bits, codes } = await loaded.encode(vectors());
      const tokens = (ids ?? bits)!;
      const most = 2 ** quantizer.bitsPerToken(config);
      expect([...tokens.data].every((id) => Number.isInteger(id) && id >= 0 && id < Math.max(2, most + 0.5))).toBe(
        true,
      );
      const decoded = await loaded.decode(tokens);
      expect(decoded.shape).toEqual(codes!.shape);
      expect(largestDifference(decoded, codes!)).toBeLessThan(1e-5);
      const again = isIdempotent ? await loaded.encode(decoded) : { ids: tokens };
      expect(again.ids ?? tokens).toEqual(tokens);
      await loaded.dispose();
    });

    it('loads and finds the same from a file with official keys', async () => {
      const { mapped } = randomWeights((map) => quantizer.weights(map, config), seed);
      if (mapped.length === 0) return;
      const file = safetensorsBytes(
        Object.fromEntries(
          mapped.map(({ key, shape: of, role }) => [key, { shape: of, data: randomValues(key, of, role, seed) }]),
        ),
      );
      const [fresh, loaded] = [
        await open(),
        await quantizerSystem(quantizer).fromPretrained(file, { config: args, engine }),
      ];
      const [expected, found] = [await fresh.encode(vectors()), await loaded.encode(vectors())];
      for (const name of Object.keys(expected)) expect(found[name]).toEqual(expected[name]);
      await Promise.all([fresh.dispose(), loaded.dispose()]);
    });

    it('exports what it loaded under the same keys', async () => {
      const { tree, mapped } = randomWeights((map) => quantizer.weights(map, config), seed);
      const exported = exportWeights((map) => quantizer.weights(map, config), await valuesOf(tree));
      expect([...exported.keys()].toSorted()).toEqual(mapped.map(({ key }) => key).toSorted());
      if (exported.size === 0) return;
      const file = safetensorsBytes(Object.fromEntries(exported));
      const [fresh, loaded] = [
        await open(),
        await quantizerSystem(quantizer).fromPretrained(file, { config: args, engine }),
      ];
      const [expected, found] = [await fresh.encode(vectors()), await loaded.encode(vectors())];
      expect(found.ids ?? found.bits).toEqual(expected.ids ?? expected.bits);
      // Weight norm has many pairs for one matrix: what comes back is another one.
      expect(largestDifference(found.codes!, expected.codes!)).toBeLessThan(1e-5);
      await Promise.all([fresh.dispose(), loaded.dispose()]);
    });

    it('takes no vectors, and none with NaN or infinity', async () => {
      const loaded = await open();
      const none = await loaded.encode({ shape: [0, ...shape.slice(1)], data: new Float32Array(0) });
      expect((none['ids'] ?? none['bits'])!.data).toHaveLength(0);
      for (const odd of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const { data } = vectors();
        data[3] = odd;
        await expect(loaded.encode({ shape, data })).rejects.toMatchObject({ name: 'InputError', code: 'not-finite' });
      }
      await loaded.dispose();
    });
  });
});

/** The same tree with values on the host. */
async function valuesOf(tree: unknown): Promise<unknown> {
  if (isWeightTensor(tree)) return { shape: tree.shape, data: await tree.read() };
  if (Array.isArray(tree)) return Promise.all(tree.map(valuesOf));
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree).map(async ([key, child]) => [key, await valuesOf(child)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function largestDifference(a: HostTensor, b: HostTensor): number {
  return Math.max(0, ...Array.from(a.data, (value, index) => Math.abs(value - b.data[index]!)));
}
