import { InputError } from '../../errors';
import { fillCodebook, fillHann, fillUniform, tensorSeed } from './formula-generator';
import type { IoTensor } from './io-tensors';

/** A tensor that is made, not stored. */
export interface FormulaTensor {
  readonly key: string;
  readonly dtype: 'F32' | 'I64';
  readonly shape: readonly number[];
  /** Writes elements `start`, `start + 1`, … in C order. Never called for I64, which is zero. */
  fill(out: Float32Array, start: number): void;
}

export interface FormulaEntry {
  readonly shape: readonly number[];
  readonly kind: 'uniform' | 'codebook' | 'hann';
  readonly scale?: number;
  readonly offset?: number;
  /** Names of float32 vectors of the io file. */
  readonly mean?: string;
  readonly spread?: string;
}

/** `weights.json` of a case at published size. */
export interface FormulaFile {
  readonly generatorSeed: number;
  readonly tensors: Readonly<Record<string, FormulaEntry>>;
}

export function isFormulaFile(json: unknown): json is FormulaFile {
  return typeof json === 'object' && json !== null && 'generatorSeed' in json && 'tensors' in json;
}

/**
 * The tensors of `weights.json`, in its order.
 *
 * @param io - Holds the vectors that codebooks are centered with.
 * @throws {InputError} For an unknown kind or a missing vector.
 */
export function formulaTensors(
  file: FormulaFile,
  io: ReadonlyMap<string, IoTensor>,
  name = 'weights.json',
): readonly FormulaTensor[] {
  const vector = (key: string, vectorName: string): ArrayLike<number> => {
    const tensor = io.get(vectorName);
    if (tensor) return tensor.data;
    throw new InputError(`${name}: ${key}`, `a vector ${vectorName} in io.safetensors`, 'none');
  };
  return Object.entries(file.tensors).map(([key, entry]): FormulaTensor => {
    const seed = tensorSeed(key, file.generatorSeed);
    const { shape, kind, scale = 1, offset = 0 } = entry;
    switch (kind) {
      case 'uniform':
        return { key, dtype: 'F32', shape, fill: (out, start) => fillUniform(out, start, seed, scale, offset) };
      case 'codebook': {
        const mean = vector(key, entry.mean ?? 'codebook_mean');
        const spread = vector(key, entry.spread ?? 'codebook_spread');
        return { key, dtype: 'F32', shape, fill: (out, start) => fillCodebook(out, start, seed, mean, spread) };
      }
      case 'hann':
        return { key, dtype: 'F32', shape, fill: (out, start) => fillHann(out, start, shape[0]!) };
      default:
        throw new InputError(`${name}: ${key}: kind`, 'uniform, codebook or hann', String(kind));
    }
  });
}
