import { type HostTensor, type HostTensors, InputError, type Model, type RunOptions } from '@tesserae/core';
import { framesPerToken, type S3Config, tokenCount } from './config';
import { nextTurn, openSpectrum, type Spectrum } from './spectrum';
import { framesPerSecond, longestRun, paddedFrames, windowsOf } from './windows';

export interface RecordingOptions extends RunOptions {
  /**
   * Of recordings above 30 s: keep the up to 2 s of tokens at the end that the official code loses where its last window
   * begins behind what the one before has covered. Default false: the official ids.
   */
  readonly keepTail?: boolean;
}

/**
 * Runs a model function over a recording, a window after the other, with progress in seconds.
 *
 * @param name - `encode` or `latents`.
 * @param audio - `[1, samples, 1]` at 16 kHz.
 * @returns Every output of the function as `[tokens, values of a token]`.
 * @throws {InputError} `unsupported-size`: longer than the stored positions of a model that has fewer than published.
 */
export async function encodeRecording(
  model: Pick<Model<S3Config>, 'run' | 'config'>,
  name: string,
  audio: HostTensor,
  options: RecordingOptions,
): Promise<HostTensors> {
  const spectrum = await openSpectrum(audio.data as Float32Array, model.config.mels, options.signal);
  return encodeWindows(model, name, spectrum, options);
}

/** {@link encodeRecording} of a spectrum. */
export async function encodeWindows(
  model: Pick<Model<S3Config>, 'run' | 'config'>,
  name: string,
  spectrum: Spectrum,
  { signal, onProgress, keepTail }: RecordingOptions,
): Promise<HostTensors> {
  const { config } = model;
  const total = spectrum.frames / framesPerSecond;
  const windows = windowsOf(spectrum.frames, config, keepTail);
  const limit = longestInput(config);
  if (windows[0]!.to > limit) {
    throw new InputError('input', `at most ${limit / framesPerSecond} s`, `${total} s`, { code: 'unsupported-size' });
  }
  const parts: HostTensors[] = [];
  for (const { from, to, first, end } of windows) {
    signal?.throwIfAborted();
    // All windows of a long recording have one length.
    const padded = windows.length > 1 ? longestRun : paddedFrames(to - from, limit);
    const outputs = await model.run(name, spectrum.read(from, to, padded), signal ? { signal } : {});
    const tokens = tokenCount(padded, config);
    parts.push(mapTensors(outputs, (tensor) => rowsOf(tensor, tokens, first, end)));
    onProgress?.({ stage: 'encode', completed: to / framesPerSecond, total, unit: 'seconds', label: name });
    if (windows.length > 1) await nextTurn();
  }
  return mapTensors(parts[0]!, (_, output) => joinRows(parts.map((part) => part[output]!)));
}

/** Frames that one run can take. */
function longestInput({ version, stride, positions }: S3Config): number {
  return version === 1 ? Math.min(longestRun, positions * framesPerToken({ stride })) : longestRun;
}

function mapTensors(tensors: HostTensors, each: (tensor: HostTensor, name: string) => HostTensor): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, each(tensor, name)]));
}

/** Tokens `first` up to `end` of a tensor that holds `tokens` of them, as rows. */
function rowsOf({ data }: HostTensor, tokens: number, first: number, end: number): HostTensor {
  const width = data.length / tokens;
  return { shape: [end - first, width], data: data.slice(first * width, end * width) };
}

/** Rows of one width, one below the other. */
function joinRows(parts: readonly HostTensor[]): HostTensor {
  const [first] = parts;
  if (parts.length === 1) return first!;
  const width = first!.shape[1]!;
  const rows = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const data = first!.data instanceof Int32Array ? new Int32Array(rows * width) : new Float32Array(rows * width);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { shape: [rows, width], data };
}
