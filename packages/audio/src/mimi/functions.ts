import type * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import { tap } from '@tesserae/core/nn';
import type { StreamPart } from '../seanet/stream';
import type { MimiConfig } from './config';
import { decodeMimi, decodeMimiPart, encodeMimi, encodeMimiPart, type MimiRun, type MimiState } from './network';
import { decodeSplit, encodeSplit } from './quantizer';
import type { MimiParams } from './weights';

type Functions = Readonly<Record<string, ModelFunction<MimiParams>>>;
type AudioInputs = { readonly audio: tf.Tensor3D };
type IdInputs = { readonly ids: tf.Tensor3D };

/** How attention sees a stream. */
export interface MimiView {
  /** As the official code streams, a frame at a time; see {@link Band.group}. Default false. */
  readonly framewise?: boolean;
}

/** Numbers of codebooks that encoding is compiled for. */
export function codebookCounts({ codebooks, usedCodebooks }: MimiConfig): readonly number[] {
  const counts = [1, 8, 16, usedCodebooks, codebooks].filter((count) => count <= codebooks);
  return [...new Set(counts)].toSorted((a, b) => a - b);
}

/** Name of the model function that encodes with some codebooks. */
export function encodeFunction(codebooks: number, view: MimiView): string {
  return viewed(`encode-${codebooks}`, view);
}

/** Name of the model function that decodes. */
export function decodeFunction(view: MimiView): string {
  return viewed('decode', view);
}

function viewed(name: string, { framewise = false }: MimiView): string {
  return framewise ? `${name}-framewise` : name;
}

/**
 * - `encode-K`, K one of {@link codebookCounts}: `{ audio: [B, T, channels] }` → `{ ids, margins }` `[K, B, F]`;
 *   `encode` takes all of them
 * - `encode-K-start`, `-middle`, `-end`: the same of the windows of a stream
 * - `latents` `{ audio }` → `{ latents: [B, F, D] }`; `codes` `{ ids: [K, B, F] }` → `{ codes: [B, F, D] }`
 * - `decode` `{ ids: [K, B, F] }` → `{ audio: [B, F * 1920, channels] }`; `decode-start`, `decode-middle`
 * - `encode-K-framewise`, `decode-framewise` and their windows: as official streaming sees them
 */
export function functions(config: MimiConfig): Functions {
  const views = [{ framewise: false }, { framewise: true }];
  return {
    latents: modelFunction(selectEncoder, (p, { audio }: AudioInputs) => ({
      latents: encodeMimi(audio, p, config, { group: 1 }),
    })),
    codes: modelFunction(
      ({ quantizer }: MimiParams) => ({ quantizer }),
      (p, { ids }: IdInputs) => ({ codes: decodeSplit(ids, p.quantizer) }),
    ),
    ...merged(views.flatMap((view) => [encoders(config, view), decoders(config, view)])),
    ...encodersOf(config, 'encode', config.codebooks, { group: 1 }),
  };
}

function encoders(config: MimiConfig, view: MimiView): Functions {
  return merged(
    codebookCounts(config).map((count) => encodersOf(config, encodeFunction(count, view), count, runOf(config, view))),
  );
}

function encodersOf(config: MimiConfig, name: string, codebooks: number, run: MimiRun): Functions {
  const select = (params: MimiParams) => {
    const { first, rest } = params.quantizer;
    const used = rest && codebooks > 1 && { rest: { ...rest, codebooks: rest.codebooks.slice(0, codebooks - 1) } };
    return { ...selectEncoder(params), quantizer: { first, ...used } };
  };
  const parts: readonly StreamPart[] = ['start', 'middle', 'end'];
  return {
    [name]: modelFunction(
      select,
      (p, { audio }: AudioInputs) => encodeSplit(encodeMimi(audio, p, config, run), p.quantizer, codebooks),
      // Of whole clips, whose first layers are large.
      { memory: 'returned' },
    ),
    ...Object.fromEntries(
      parts.map((part) => [
        `${name}-${part}`,
        modelFunction(select, (p, inputs: AudioInputs & MimiState) => {
          const { latents, ...state } = encodeMimiPart(inputs, p, config, part, run);
          return { ...encodeSplit(latents, p.quantizer, codebooks), ...state };
        }),
      ]),
    ),
  };
}

function decoders(config: MimiConfig, view: MimiView): Functions {
  const run = runOf(config, view);
  const name = decodeFunction(view);
  const select = ({ quantizer, upsample, decoderTransformer, decoder }: MimiParams) => ({
    quantizer,
    upsample,
    decoderTransformer,
    decoder,
  });
  return {
    [name]: modelFunction(select, (p, { ids }: IdInputs) => ({
      audio: decodeMimi(tap('codes', decodeSplit(ids, p.quantizer)), p, config, run),
    })),
    ...Object.fromEntries(
      (['start', 'middle'] as const).map((part) => [
        `${name}-${part}`,
        modelFunction(select, (p, { ids, ...state }: IdInputs & MimiState) =>
          decodeMimiPart(decodeSplit(ids, p.quantizer), state, p, config, part, run),
        ),
      ]),
    ),
  };
}

function selectEncoder({ encoder, encoderTransformer, downsample }: MimiParams) {
  return { encoder, encoderTransformer, downsample };
}

function runOf({ stride }: MimiConfig, { framewise = false }: MimiView): MimiRun {
  return { group: framewise ? stride : 1 };
}

function merged(all: readonly Functions[]): Functions {
  return Object.assign({}, ...all) as Functions;
}
