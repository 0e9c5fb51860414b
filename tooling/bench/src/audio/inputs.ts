import { join } from 'node:path';
import type { Direction } from '../direction';
import { storeTensor } from '../store-tensor';
import { testClip, testIds } from './clip.mjs';
import { type BenchmarkModel, configJson } from './models';

/** Writes what a direction takes as raw numbers, for the program on the other side. @returns The path. */
export function writeInput(folder: string, model: BenchmarkModel, direction: Direction, seconds: number): string {
  const path = join(folder, `${model.name}-${direction}-${seconds}.raw`);
  return storeTensor(path, { data: direction === 'encode' ? waveform(model, seconds) : ids(model, seconds) });
}

function waveform({ sampleRate }: BenchmarkModel, seconds: number): Float32Array {
  return testClip(sampleRate, seconds).channels[0]!;
}

function ids(model: BenchmarkModel, seconds: number): Int32Array {
  const { codebookSize } = configJson(model) as unknown as { readonly codebookSize: number };
  const frames = Math.ceil(Math.round(model.sampleRate * seconds) / hopLengthOf(model));
  return testIds(model.codebooks, frames, codebookSize);
}

/** Samples a frame of tokens. */
function hopLengthOf(model: BenchmarkModel): number {
  const config = configJson(model) as unknown as {
    readonly seanet?: { readonly ratios: readonly number[] };
    readonly encoder?: { readonly ratios: readonly number[] };
    readonly network?: { readonly encoderRates: readonly number[] };
    readonly stride?: number;
  };
  const ratios = config.seanet?.ratios ?? config.encoder?.ratios ?? config.network!.encoderRates;
  return ratios.reduce((product, ratio) => product * ratio, config.stride ?? 1);
}
