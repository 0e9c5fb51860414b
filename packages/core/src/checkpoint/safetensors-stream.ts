import { InputError } from '../errors/input-error';
import type { Json } from '../signal/signal';
import type { Checkpoint } from './checkpoint';
import { narrowBytes, narrows, type HalfDtype } from './narrow';
import { rawChunks } from './raw-bytes';
import { elementCount, storedBytesPerElement } from './recipes';
import type { StoredDtype } from './weight-recipe';

export interface SafetensorsStreamOptions {
  /** Stores float32 and float64 in 16 bits; everything else stays as it is. Default: nothing changes. */
  readonly half?: HalfDtype;
  /** Tensors to write. Default: all. */
  readonly keys?: readonly string[];
  /** Strings of `__metadata__`. Default: {@link safetensorsMetadata} of the checkpoint. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A safetensors file that is not written yet. */
export interface SafetensorsStream {
  /** Of the whole file. */
  readonly bytes: number;
  readonly tensors: number;
  /** The file in pieces of some megabytes, for which memory stays at about 100 MB whatever the size. */
  chunks(signal?: AbortSignal): AsyncGenerator<Uint8Array>;
}

/** Longest header that the official reader takes. */
const maximumHeaderBytes = 100_000_000;

/**
 * A checkpoint as one safetensors file, streamed: tensors are read when their turn comes, and never held whole. Larger
 * elements first, as the official writer orders them, so that every tensor is aligned. Tensors that share memory are
 * written each for itself.
 *
 * @throws {CheckpointError} `not-found`, `unsupported-dtype` (complex, quantized, 8-bit floats).
 * @throws {InputError} A key that the format keeps for itself, or a header that is too long; while streaming: a value
 *   that 16 bits cannot hold.
 */
export function safetensorsStream(checkpoint: Checkpoint, options: SafetensorsStreamOptions = {}): SafetensorsStream {
  const { half, keys = checkpoint.keys(), metadata = safetensorsMetadata(checkpoint) } = options;
  const tensors = keys.map((key) => {
    if (key === '__metadata__') throw new InputError(key, 'another name for a tensor', 'the name of the metadata');
    const stored = checkpoint.dtype(key);
    const dtype: StoredDtype = half && narrows(stored) ? half : stored;
    const shape = checkpoint.shape(key);
    return { key, stored, dtype, shape, bytes: elementCount(shape) * storedBytesPerElement(dtype) };
  });
  tensors.sort((a, b) => storedBytesPerElement(b.dtype) - storedBytesPerElement(a.dtype));
  let position = 0;
  const entries = tensors.map(({ key, dtype, shape, bytes }) => {
    const begin = position;
    position += bytes;
    return [key, { dtype, shape, data_offsets: [begin, position] }] as const;
  });
  const header = headerBytes(Object.fromEntries([['__metadata__', metadata], ...entries]));
  return {
    bytes: header.length + position,
    tensors: tensors.length,
    async *chunks(signal) {
      yield header;
      for (const { key, stored, dtype } of tensors) {
        for await (const chunk of rawChunks(checkpoint, key, signal))
          yield half && dtype !== stored ? narrowBytes(key, chunk, stored, half) : chunk;
      }
    },
  };
}

/** Length, JSON, and spaces up to a multiple of eight. */
function headerBytes(header: Readonly<Record<string, unknown>>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  if (json.length > maximumHeaderBytes)
    throw new InputError('header', `at most ${maximumHeaderBytes} bytes of names and metadata`, `${json.length}`);
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20, 8 + json.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

/**
 * The metadata of a checkpoint as a safetensors header takes it: strings as they are, everything else as JSON, under
 * the names of the outermost dictionary; plus `format: 'pt'` for files of torch, which readers of PyTorch ask for.
 */
export function safetensorsMetadata(checkpoint: Checkpoint): Readonly<Record<string, string>> {
  const { metadata, format } = checkpoint;
  const isRecord = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  const fields = isRecord
    ? Object.entries(metadata as Readonly<Record<string, Json>>)
    : [['metadata', metadata] as const];
  const texts = fields.map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  );
  const isTorch = format === 'torch-zip' || format === 'torch-legacy' || format === 'torchscript';
  return Object.fromEntries([...(isTorch ? [['format', 'pt'] as const] : []), ...texts]);
}
