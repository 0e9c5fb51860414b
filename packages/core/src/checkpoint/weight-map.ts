import type { ConvTranspose1dParams } from '../nn/conv-transpose1d';
import type { Conv1dParams } from '../nn/conv1d';
import type { Conv2dParams } from '../nn/conv2d';
import type { LinearParams } from '../nn/linear';
import type { LstmLayerParams } from '../nn/lstm';
import type { NormParams } from '../nn/norm';
import { permuteRecipe, reshapeRecipe } from './recipes';
import type { Host, WeightRecipe, WeightTensor } from './weight-recipe';

interface Biased {
  /** Whether the official module has a bias. Default true. */
  readonly bias?: boolean;
}

interface WeightNormed extends Biased {
  /**
   * The kernel is `weight_g · weight_v / |weight_v|` (norm over all axes but one), also under the keys of
   * `torch.nn.utils.parametrizations`; a file that holds the product as `weight` loads the same. Default false.
   */
  readonly weightNorm?: boolean;
  /** Official axis that has the gains: `dim` of PyTorch's `weight_norm`. Default 0. */
  readonly weightNormAxis?: number;
}

/** What a tensor is for: decides its random initial value, and whether the fingerprint covers all of it. */
export type WeightRole = 'kernel' | 'bias' | 'scale' | 'embedding' | 'codebook';

/** A tensor that the model uses, under its official key (not the alias that a file happens to have). */
export interface MappedTensor {
  readonly key: string;
  readonly shape: readonly number[];
  readonly role: WeightRole;
  readonly recipe: WeightRecipe;
}

/** Where a weight map takes its tensors from: a checkpoint, random numbers, or a list of what would be needed. */
export interface WeightBacking {
  has(key: string): boolean;
  /**
   * `keys` are aliases: the first that exists counts. A missing or mis-shaped tensor is recorded, not thrown.
   *
   * @param parts - Keys of equal pieces, stacked along the first axis, which some files hold instead.
   */
  resolve(keys: readonly string[], shape: readonly number[], role: WeightRole, parts?: readonly string[]): WeightRecipe;
  /** A lazy weight over a recipe made of resolved ones. */
  lazy(recipe: WeightRecipe): WeightTensor;
  ignore(prefix: string, keys: readonly (string | RegExp)[]): void;
}

/** Declares which official tensor, of which official shape, fills which parameter. One declaration loads, initialises, exports and inspects. */
export interface WeightMap {
  /** The map below a prefix; the dot is added. */
  at(prefix: string): WeightMap;
  has(key: string): boolean;
  /**
   * `weight` `[out, in]` (followed by `pointwise` axes of length 1, as a 1x1 convolution has) becomes `[in, out]`. With
   * `weightNorm` it is `weight_g · weight_v / |weight_v|`, also under the keys of `torch.nn.utils.parametrizations`.
   */
  linear(
    key: string,
    inFeatures: number,
    outFeatures: number,
    options?: Biased & { readonly pointwise?: 0 | 1 | 2 | 3; readonly weightNorm?: boolean },
  ): Host<LinearParams>;
  /** `weight` and `bias`, `[features]`. */
  norm(key: string, features: number, options?: Biased): Host<NormParams>;
  /** `weight` `[out, in, k, k]` becomes `[k, k, in, out]`. */
  conv2d(
    key: string,
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    options?: Biased,
  ): Host<Conv2dParams>;
  /** `weight` `[out, in, k]` becomes `[k, in, out]`. */
  conv1d(
    key: string,
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    options?: WeightNormed,
  ): Host<Conv1dParams>;
  /** `weight` `[in, out, k]` becomes `[k, out, in]`. */
  convTranspose1d(
    key: string,
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    options?: WeightNormed,
  ): Host<ConvTranspose1dParams>;
  /** `nn.LSTM`: `weight_ih_l{n}`, `weight_hh_l{n}`, `bias_ih_l{n}`, `bias_hh_l{n}` of each layer; kernels transposed. */
  lstm(key: string, inFeatures: number, hiddenFeatures: number, layers: number): Host<readonly LstmLayerParams[]>;
  /** A codebook `[codes, dim]`: kept as it is, hashed whole in the fingerprint. */
  codebook(key: string, codes: number, dim: number): WeightTensor;
  /**
   * Any other tensor; several keys are aliases, `parts` those of equal pieces, stacked along the first axis, which some
   * files hold instead. `permute` lists the official axes in our order; `reshape` comes first.
   */
  tensor(
    key: string | readonly string[],
    shape: readonly number[],
    options?: {
      readonly reshape?: readonly number[];
      readonly permute?: readonly number[];
      readonly role?: WeightRole;
      readonly parts?: readonly string[];
    },
  ): WeightTensor;
  /**
   * `nn.MultiheadAttention`: `in_proj_weight` `[3W, W]` (q, k, v stacked) becomes `[W, 3W]`; `out_proj`. Files that say
   * `qkv.weight`, `qkv_proj.weight` or hold `q_proj`, `k_proj` and `v_proj` apart load the same.
   */
  packedAttention(key: string, width: number): Host<{ readonly qkv: LinearParams; readonly out: LinearParams }>;
  list<T>(count: number, prefix: (index: number) => string, each: (map: WeightMap, index: number) => T): readonly T[];
  /** Expected and unused: statistics, losses, discriminators. A string names a key or everything below it. */
  ignore(...keys: readonly (string | RegExp)[]): void;
}

export function createWeightMap(backing: WeightBacking, prefix = ''): WeightMap {
  const full = (key: string) => prefix + key;
  const leaf = (key: string | readonly string[], shape: readonly number[], role: WeightRole) =>
    backing.resolve((typeof key === 'string' ? [key] : key).map(full), shape, role);
  const bias = (key: string, features: number, { bias: present = true }: Biased) =>
    present ? { bias: backing.lazy(leaf(`${key}.bias`, [features], 'bias')) } : {};

  const normed = (key: string, shape: readonly number[], axis: number): WeightRecipe => {
    const original = `${key}.parametrizations.weight.original`;
    const gains = shape.map((length, index) => (index === axis ? length : 1));
    const g = leaf([`${key}.weight_g`, `${original}0`], gains, 'scale');
    return { kind: 'weight-norm', g, v: leaf([`${key}.weight_v`, `${original}1`], shape, 'kernel'), axis };
  };

  const maybeNormed = (
    key: string,
    shape: readonly number[],
    { weightNorm = false, weightNormAxis = 0 }: WeightNormed,
  ): WeightRecipe =>
    weightNorm && !isFolded(key) ? normed(key, shape, weightNormAxis) : leaf(`${key}.weight`, shape, 'kernel');
  const isFolded = (key: string) =>
    map.has(`${key}.weight`) && !map.has(`${key}.weight_g`) && !map.has(`${key}.parametrizations.weight.original0`);

  const map: WeightMap = {
    at: (below) => createWeightMap(backing, `${prefix}${below}.`),
    has: (key) => backing.has(full(key)),
    linear(key, inFeatures, outFeatures, options = {}) {
      const ones = new Array<number>(options.pointwise ?? 0).fill(1);
      const shape = [outFeatures, inFeatures, ...ones];
      const official = maybeNormed(key, shape, options);
      const kernel = permuteRecipe(reshapeRecipe(official, [outFeatures, inFeatures]), [1, 0]);
      return { kernel: backing.lazy(kernel), ...bias(key, outFeatures, options) } as Host<LinearParams>;
    },
    norm(key, features, options = {}) {
      const { bias: offset } = bias(key, features, options) as { bias?: WeightTensor };
      const scale = backing.lazy(leaf(`${key}.weight`, [features], 'scale'));
      return (offset ? { scale, offset } : { scale }) as Host<NormParams>;
    },
    conv2d(key, inChannels, outChannels, kernelSize, options = {}) {
      const official = leaf(`${key}.weight`, [outChannels, inChannels, kernelSize, kernelSize], 'kernel');
      return {
        kernel: backing.lazy(permuteRecipe(official, [2, 3, 1, 0])),
        ...bias(key, outChannels, options),
      } as Host<Conv2dParams>;
    },
    conv1d(key, inChannels, outChannels, kernelSize, options = {}) {
      const official = maybeNormed(key, [outChannels, inChannels, kernelSize], options);
      const kernel = backing.lazy(permuteRecipe(official, [2, 1, 0]));
      return { kernel, ...bias(key, outChannels, options) } as Host<Conv1dParams>;
    },
    convTranspose1d(key, inChannels, outChannels, kernelSize, options = {}) {
      const official = maybeNormed(key, [inChannels, outChannels, kernelSize], options);
      const kernel = backing.lazy(permuteRecipe(official, [2, 1, 0]));
      return { kernel, ...bias(key, outChannels, options) } as Host<ConvTranspose1dParams>;
    },
    lstm: (key, inFeatures, hiddenFeatures, layers) =>
      Array.from({ length: layers }, (_, layer) => {
        const gates = 4 * hiddenFeatures;
        const kernel = (name: string, width: number) =>
          backing.lazy(permuteRecipe(leaf(`${key}.${name}_l${layer}`, [gates, width], 'kernel'), [1, 0]));
        const vector = (name: string) => backing.lazy(leaf(`${key}.${name}_l${layer}`, [gates], 'bias'));
        return {
          inputKernel: kernel('weight_ih', layer === 0 ? inFeatures : hiddenFeatures),
          recurrentKernel: kernel('weight_hh', hiddenFeatures),
          inputBias: vector('bias_ih'),
          recurrentBias: vector('bias_hh'),
        };
      }) as Host<readonly LstmLayerParams[]>,
    codebook: (key, codes, dim) => backing.lazy(leaf(key, [codes, dim], 'codebook')),
    tensor(key, shape, options = {}) {
      const { role = 'embedding', parts = [] } = options;
      let recipe = backing.resolve((typeof key === 'string' ? [key] : key).map(full), shape, role, parts.map(full));
      if (options.reshape) recipe = reshapeRecipe(recipe, options.reshape);
      if (options.permute) recipe = permuteRecipe(recipe, options.permute);
      return backing.lazy(recipe);
    },
    packedAttention(key, width) {
      const packedLeaf = (kind: 'weight' | 'bias', shape: readonly number[]) =>
        backing.resolve(
          [`in_proj_${kind}`, `qkv.${kind}`, `qkv_proj.${kind}`].map((name) => full(`${key}.${name}`)),
          shape,
          kind === 'weight' ? 'kernel' : 'bias',
          ['q', 'k', 'v'].map((letter) => full(`${key}.${letter}_proj.${kind}`)),
        );
      const packed = packedLeaf('weight', [3 * width, width]);
      const packedBias = packedLeaf('bias', [3 * width]);
      return {
        qkv: { kernel: backing.lazy(permuteRecipe(packed, [1, 0])), bias: backing.lazy(packedBias) },
        out: map.linear(`${key}.out_proj`, width, width),
      } as Host<{ readonly qkv: LinearParams; readonly out: LinearParams }>;
    },
    list: (count, below, each) => Array.from({ length: count }, (_, index) => each(map.at(below(index)), index)),
    ignore: (...keys) => backing.ignore(prefix, keys),
  };
  return map;
}
