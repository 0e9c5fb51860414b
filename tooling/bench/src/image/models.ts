import type { Json, Preset, System } from '@tesserae/core';
import { oneDPiece, titok } from '@tesserae/image';
import { systemInternals } from '../../../../packages/core/src/pretrained/define-system';
import type { TitokConfig } from '../../../../packages/image/src/titok/config';
import type { DeclaredModel } from '../weight-file';

export const modelNames = ['titok-l32', 'titok-b64', 'titok-s128', 'one-d-piece-l256'] as const;
export type ModelName = (typeof modelNames)[number];

const systemOf: Readonly<Record<ModelName, System<TitokConfig, unknown>>> = {
  'titok-l32': titok as unknown as System<TitokConfig, unknown>,
  'titok-b64': titok as unknown as System<TitokConfig, unknown>,
  'titok-s128': titok as unknown as System<TitokConfig, unknown>,
  'one-d-piece-l256': oneDPiece as unknown as System<TitokConfig, unknown>,
};

/** A published model at full size: everything that the benchmark needs to know about it. */
export interface BenchmarkModel {
  readonly name: ModelName;
  readonly system: System<TitokConfig, unknown>;
  readonly preset: Preset<TitokConfig>;
  readonly config: TitokConfig;
}

export function benchmarkModel(name: ModelName): BenchmarkModel {
  const system = systemOf[name];
  const preset = system.presets[name]!;
  return { name, system, preset, config: preset.config };
}

/** The system's own declaration of weights, and how its model is opened. */
export function internalsOf({ system }: BenchmarkModel) {
  return systemInternals<TitokConfig>(system);
}

/** For its weight file. */
export function declaredWeights(model: BenchmarkModel): DeclaredModel {
  const { name, config } = model;
  return { name, weights: (map) => internalsOf(model).definition.weights(map, config as never) };
}

/** The configuration as the PyTorch program takes it. */
export function configJson({ config }: BenchmarkModel): Json {
  return JSON.parse(JSON.stringify(config)) as Json;
}
