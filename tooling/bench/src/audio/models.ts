import type { AudioEncoder } from '@tesserae/audio';
import type { Json, Preset, System } from '@tesserae/core';
import { dac } from '../../../../packages/audio/src/dac/dac';
import { encodec } from '../../../../packages/audio/src/encodec/encodec';
import { mimi } from '../../../../packages/audio/src/mimi/mimi';
import { wavtokenizer } from '../../../../packages/audio/src/wavtokenizer/wavtokenizer';
import { systemInternals } from '../../../../packages/core/src/pretrained/define-system';
import type { DeclaredModel } from '../weight-file';

type AnySystem = System<unknown, AudioEncoder>;

/** A published model at full size: everything that the benchmark needs to know about it. */
export interface BenchmarkModel {
  readonly name: ModelName;
  /** Under which the registry and the PyTorch program know it. */
  readonly preset: string;
  readonly system: AnySystem;
  readonly systemName: 'wavtokenizer' | 'encodec' | 'dac' | 'mimi';
  /** Hz, mono. */
  readonly sampleRate: number;
  /** Codebooks that `encode` uses unless it is told otherwise. */
  readonly codebooks: number;
  /** Why there is no comparison with transformers.js. */
  readonly transformersJs: string;
  /** Seconds of a window of a stream, where streaming is measured. */
  readonly streamSeconds?: readonly number[];
}

const unknownThere = 'transformers.js has no such model';
const unconverted = 'transformers.js reads ONNX files only, and nothing here converts these weights to its form';

const table = {
  'wavtokenizer-40': {
    preset: 'wavtokenizer-large-unify-40',
    system: wavtokenizer,
    systemName: 'wavtokenizer',
    sampleRate: 24_000,
    codebooks: 1,
    transformersJs: unknownThere,
  },
  'wavtokenizer-75': {
    preset: 'wavtokenizer-large-speech-75',
    system: wavtokenizer,
    systemName: 'wavtokenizer',
    sampleRate: 24_000,
    codebooks: 1,
    transformersJs: unknownThere,
  },
  'encodec-24khz': {
    preset: 'encodec-24khz',
    system: encodec,
    systemName: 'encodec',
    sampleRate: 24_000,
    codebooks: 8,
    transformersJs: unknownThere,
    streamSeconds: [0.08, 1],
  },
  'dac-44khz': {
    preset: 'dac-44khz',
    system: dac,
    systemName: 'dac',
    sampleRate: 44_100,
    codebooks: 9,
    transformersJs: unconverted,
  },
  mimi: {
    preset: 'mimi',
    system: mimi,
    systemName: 'mimi',
    sampleRate: 24_000,
    codebooks: 8,
    transformersJs: unconverted,
    streamSeconds: [0.08, 1],
  },
} as const;

export type ModelName = keyof typeof table;
export const modelNames = Object.keys(table) as ModelName[];

export function benchmarkModel(name: ModelName): BenchmarkModel {
  return { ...table[name], name, system: table[name].system as unknown as AnySystem };
}

/** For its weight file. */
export function declaredWeights({ name, system, preset }: BenchmarkModel): DeclaredModel {
  const { config } = system.presets[preset] as Preset<unknown>;
  return { name, weights: (map) => systemInternals<unknown>(system).definition.weights(map, config) };
}

/** The configuration as the PyTorch program takes it. */
export function configJson({ system, preset }: BenchmarkModel): Json {
  return JSON.parse(JSON.stringify(system.presets[preset]!.config)) as Json;
}
