import {
  defineSystem,
  type Host,
  type Json,
  type Model,
  type System,
  type WeightMap,
  type WeightRecipe,
  type WeightTensor,
} from '@tesserae/core';
import { library } from '../src/library';
import { parseConfig, type TitokConfig } from '../src/titok/config';
import { functions } from '../src/titok/functions';
import { readWeights, type TitokParams } from '../src/titok/weights';
import { titokOverrides } from './parity/titok';

export interface TinyTitok<T> {
  readonly system: System<TitokConfig, T>;
  readonly config: TitokConfig;
  /** The official `config.json`. */
  readonly official: Json;
  /** First part of the path of every weight that was read: `encoder`, `decoder`, `codebook`, `pixels`. */
  readonly reads: Set<string>;
}

/** A system of the sizes of a case instead of the published ones; reads of weights are noted. */
export function tinyTitok<T>(id: string, caseConfig: Json, create: (model: Model<TitokConfig>) => T): TinyTitok<T> {
  const { official, options } = titokOverrides(caseConfig);
  const config = parseConfig(official, options);
  const reads = new Set<string>();
  const system = defineSystem<TitokConfig, TitokParams, T>({
    id,
    library,
    presets: {
      tiny: {
        // Fields in another order: what counts is what they say.
        config: Object.fromEntries(Object.entries(config).reverse()) as unknown as TitokConfig,
        license: { name: 'MIT', use: 'any' },
        pipeline: `pil-bicubic-${config.imageSize}`,
        paper: '2406.07550',
        source: { file: 'model.safetensors' },
      },
    },
    parseConfig: (json) => parseConfig(json, options),
    weights: (map: WeightMap, parsed) => noteReads(readWeights(map, parsed), reads),
    functions,
    create,
  });
  return { system, config, official, reads };
}

function noteReads(params: Host<TitokParams>, reads: Set<string>): Host<TitokParams> {
  const note = (value: unknown, part: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if ('recipe' in value) return noted(value as WeightTensor, () => reads.add(part));
    if (Array.isArray(value)) return value.map((child) => note(child, part));
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, note(child, part)]));
  };
  return Object.fromEntries(Object.entries(params).map(([part, value]) => [part, note(value, part)])) as never;
}

/** Eager engines call `read`, the compiled one reads the leaves of the recipe that lie in memory. */
function noted(weight: WeightTensor, onRead: () => void): WeightTensor {
  return {
    shape: weight.shape,
    recipe: notedRecipe(weight.recipe, onRead),
    read(signal) {
      onRead();
      return weight.read(signal);
    },
  };
}

function notedRecipe(recipe: WeightRecipe, onRead: () => void): WeightRecipe {
  switch (recipe.kind) {
    case 'values':
      return {
        ...recipe,
        read(signal) {
          onRead();
          return recipe.read(signal);
        },
      };
    case 'permute':
    case 'reshape':
    case 'slice':
      return { ...recipe, of: notedRecipe(recipe.of, onRead) };
    default:
      return recipe;
  }
}
