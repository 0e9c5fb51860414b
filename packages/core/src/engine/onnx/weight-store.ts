import { platform } from '#platform';
import type { ByteSource } from '../../checkpoint/byte-source';
import { EngineError } from '../../errors/engine-error';
import type { RunOptions } from '../run-options';
import { elementBytes } from '../trace/element-types';
import type { Value } from '../trace/graph';
import { elementsOf } from '../trace/traced-graph';
import { locateFiles } from './external-data';
import type { WeightPlace } from './writer';

/** Weights in memory above this, in all, go to a temporary file, so that they are mapped and not copied. */
const spoolBytes = 64 * 1024 * 1024;
/** A protobuf message ends at 2 GiB; the rest of the model needs room as well. */
const inlineLimitBytes = 1.5 * 2 ** 30;

/** Where the weights of one compiled function are. */
export interface PlacedWeights {
  placeOf(weight: Value): WeightPlace;
  readonly folder?: string;
  readonly buffers?: readonly { readonly path: string; readonly data: Uint8Array<ArrayBuffer> }[];
  /** Bytes of all weights. */
  readonly bytes: number;
}

export interface WeightStore {
  /** Reads what has to be read, and says where everything lies. */
  place(weights: readonly Value[], options: RunOptions): Promise<PlacedWeights>;
  /** Removes temporary files. */
  close(): Promise<void>;
}

interface Spooled {
  readonly source: ByteSource;
  readonly file: string;
  readonly offset: number;
}

/**
 * Keeps what was read of the weights of one function, for its next signature.
 *
 * @param mapsFiles - Whether the runtime maps files; otherwise every weight is passed in memory.
 */
export function createWeightStore(engine: string, name: string, mapsFiles: boolean): WeightStore {
  const inMemory = new Map<unknown, Uint8Array<ArrayBuffer>>();
  const onDisk = new Map<unknown, Spooled>();
  const sources = new Set<ByteSource>();

  async function prepareValues(weights: readonly Value[], options: RunOptions): Promise<void> {
    const unread = weights.filter(
      (each) => each.source.kind === 'values' && !inMemory.has(keyOf(each)) && !onDisk.has(keyOf(each)),
    );
    if (unread.length === 0) return;
    const total = unread.reduce((sum, each) => sum + bytesOf(each), 0);
    const source = mapsFiles && total > spoolBytes ? await spoolAll(unread, name, options) : undefined;
    if (source?.file !== undefined) {
      sources.add(source);
      let offset = 0;
      for (const each of unread) {
        onDisk.set(keyOf(each), { source, file: source.file, offset });
        offset += bytesOf(each);
      }
      return;
    }
    if (mapsFiles && total > inlineLimitBytes) {
      throw new EngineError(
        'does-not-fit',
        engine,
        name,
        `${total} bytes of weights that lie in no file; save them first.`,
      );
    }
    for await (const { weight, bytes } of readAll(unread, name, options)) inMemory.set(keyOf(weight), bytes);
  }

  /** All in memory: for runtimes that know no files. */
  async function placeInBuffers(weights: readonly Value[], { signal }: RunOptions): Promise<PlacedWeights> {
    const buffers = await Promise.all(
      weights.map(async (weight, index) => ({
        path: `w${index}`,
        data: inMemory.get(keyOf(weight))?.slice() ?? (await readStored(weight, signal)),
      })),
    );
    const places = new Map(
      weights.map((weight, index) => [weight, { location: `w${index}`, offset: 0, length: bytesOf(weight) }]),
    );
    return {
      placeOf: (weight) => ({ kind: 'external', ...places.get(weight)! }),
      buffers,
      bytes: weights.reduce((sum, weight) => sum + bytesOf(weight), 0),
    };
  }

  // Signatures compile side by side; what one reads, the next finds.
  let preparing: Promise<unknown> = Promise.resolve();

  return {
    async place(weights, options) {
      const prepared = preparing.then(() => prepareValues(weights, options));
      preparing = prepared.catch(() => undefined);
      await prepared;
      if (!mapsFiles && weights.length > 0) return placeInBuffers(weights, options);
      const files = new Set<string>();
      for (const weight of weights) {
        const file = fileOf(weight) ?? onDisk.get(keyOf(weight))?.file;
        if (file !== undefined) files.add(file);
      }
      const located = await locateFiles([...files]);
      if (!located && files.size > 0) {
        const list = [...files].join(', ');
        throw new EngineError(
          'compile-failed',
          engine,
          name,
          `weights lie on several drives (${list}); put them into one folder.`,
        );
      }
      return {
        ...(located && { folder: located.folder }),
        bytes: weights.reduce((sum, weight) => sum + bytesOf(weight), 0),
        placeOf(weight) {
          const data = inMemory.get(keyOf(weight));
          if (data) return { kind: 'inline', data };
          const { source } = weight;
          const spooled = onDisk.get(keyOf(weight));
          const file = spooled?.file ?? fileOf(weight)!;
          const offset = source.kind === 'stored' ? source.recipe.offset : spooled!.offset;
          return { kind: 'external', location: located!.locations.get(file)!, offset, length: bytesOf(weight) };
        },
      };
    },
    async close() {
      const open = [...sources];
      sources.clear();
      inMemory.clear();
      onDisk.clear();
      await Promise.all(open.map((source) => source.close()));
    },
  };
}

/** Files that stored weights lie in. */
export function storedFiles(weights: readonly Value[]): string[] {
  return [...new Set(weights.flatMap((weight) => fileOf(weight) ?? []))];
}

function fileOf({ source }: Value): string | undefined {
  return source.kind === 'stored' ? source.recipe.file : undefined;
}

function keyOf({ source }: Value): unknown {
  return source.kind === 'values' ? source.recipe : undefined;
}

function bytesOf({ shape, dtype }: Value): number {
  return elementsOf(shape) * elementBytes[dtype];
}

async function readStored(weight: Value, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const { source } = weight;
  if (source.kind !== 'stored') throw new Error('expected a stored weight');
  const file = await platform.openFile(source.recipe.file);
  try {
    const bytes = await file.read(source.recipe.offset, bytesOf(weight), signal);
    // Passed on by transfer: the buffer has to be its own.
    return bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
      ? (bytes as Uint8Array<ArrayBuffer>)
      : bytes.slice();
  } finally {
    await file.close();
  }
}

interface ReadWeight {
  readonly weight: Value;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** One after the other, so that at most one is in memory when they are spooled. */
async function* readAll(
  weights: readonly Value[],
  name: string,
  { signal, onProgress }: RunOptions,
): AsyncGenerator<ReadWeight> {
  for (const [index, weight] of weights.entries()) {
    signal?.throwIfAborted();
    const { source } = weight;
    if (source.kind !== 'values') continue;
    const values = await source.recipe.read(signal);
    if (values.length !== elementsOf(weight.shape)) {
      throw new Error(`${name}: a weight of shape [${weight.shape.join(', ')}] gave ${values.length} values`);
    }
    yield { weight, bytes: new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength) };
    onProgress?.({ stage: 'read', completed: index + 1, total: weights.length, unit: 'tensors', label: name });
  }
}

async function spoolAll(weights: readonly Value[], name: string, options: RunOptions): Promise<ByteSource | undefined> {
  async function* chunks() {
    for await (const { bytes } of readAll(weights, name, options)) yield bytes;
  }
  return platform.spool(chunks(), name, options.signal ? { signal: options.signal } : {});
}
