import type { Json } from '../signal/signal';
import type { StoredDtype, WeightTensor } from './weight-recipe';

/** A lazy, named view of the tensors of one checkpoint. Nothing but headers is read until a tensor is. */
export interface Checkpoint {
  /** As the user named it: for messages. */
  readonly source: string;
  readonly format: CheckpointFormat;
  /** In the order of the file. */
  keys(): readonly string[];
  has(key: string): boolean;
  /** @throws {CheckpointError} `not-found`. */
  shape(key: string): readonly number[];
  dtype(key: string): StoredDtype;
  /**
   * The tensor, unread: `stored` where it lies contiguous in a real file, `values` otherwise.
   *
   * @throws {CheckpointError} `not-found`.
   */
  tensor(key: string): WeightTensor;
  /** Everything beside tensors: safetensors metadata, plain values of a pickle (`step`, `args`, …). */
  readonly metadata: Json;
  /**
   * Classes and functions that a pickle names and that are not torch's or numpy's own way to write data:
   * `os.system`, `my.package.Model`. Nothing of it is loaded, called or built; absent where there are none.
   */
  readonly foreignNames?: readonly string[];
  /** Files that the tensors lie in, with their size: for reports and change checks. Empty for bytes in memory. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Closes files and removes spooled copies; idempotent. */
  close(): Promise<void>;
}

export type CheckpointFormat =
  | 'safetensors'
  | 'safetensors-sharded'
  | 'torch-zip'
  | 'torch-legacy'
  | 'torchscript'
  | 'onnx'
  | 'npz';
