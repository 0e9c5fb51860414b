import { CheckpointError, InputError, type Json, ShapeError } from '@tesserae/core/data';
import { field, jsonPlace, readNumber } from '../pipeline/json-reader';

/** A tensor of a checkpoint, official layout. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type StoredTensors = Readonly<Record<string, StoredTensor>>;

export interface LoraFiles {
  /** `adapter_config.json`: its `config` has `alpha` and `r`. */
  readonly config: Json;
  /** Tensors of `pytorch_adapter.bin`, under `<module>.loras.<name>.lora_A` and `lora_B`. */
  readonly adapter: StoredTensors;
  /** Tensors of `pytorch_model_head.bin`, which replace those of the same name. */
  readonly head?: StoredTensors;
}

/**
 * Adds a LoRA adapter to the weights it was trained for: `W + alpha / r · B · A`, and the head of the adapter.
 *
 * @param base - Tensors of the model; those that do not change may be left out.
 * @returns The tensors that change.
 * @throws {ConfigError} No `alpha` or `r`.
 * @throws {CheckpointError} `keys-mismatch`: one of a pair is missing, or the tensor it changes.
 * @throws {ShapeError} The pair does not fit the tensor.
 */
export function mergeLora(base: StoredTensors, { config, adapter, head = {} }: LoraFiles): StoredTensors {
  const place = field(jsonPlace(config, 'adapter_config.json: '), 'config');
  const rank = readNumber(field(place, 'r'));
  const alpha = readNumber(field(place, 'alpha'));
  if (!(rank > 0)) throw new InputError('adapter_config.json: config.r', 'a positive rank', String(rank));
  const modules = new Set(
    Object.keys(adapter).flatMap(
      (key) => /^(?<module>.*)\.loras\.[^.]+\.lora_[AB]$/u.exec(key)?.groups?.['module'] ?? [],
    ),
  );
  const merged = [...modules].map((module) => {
    const pair = (letter: 'A' | 'B') =>
      Object.entries(adapter).find(
        ([key]) => key.startsWith(`${module}.loras.`) && key.endsWith(`.lora_${letter}`),
      )?.[1];
    const key = `${module}.weight`;
    const [a, b, weight] = [pair('A'), pair('B'), base[key]];
    if (!a || !b || !weight) {
      const missing = [
        ...(a ? [] : [`${module} lora_A`]),
        ...(b ? [] : [`${module} lora_B`]),
        ...(weight ? [] : [key]),
      ];
      throw new CheckpointError('keys-mismatch', `The adapter lacks its counterpart: ${missing.join(', ')}.`, {
        source: 'pytorch_adapter.bin',
        missing,
      });
    }
    return [key, addProduct(key, weight, a, b, alpha / rank)] as const;
  });
  const replaced = Object.entries(head).filter(([key]) => !key.includes('.loras.'));
  return Object.fromEntries([...merged, ...replaced]);
}

function addProduct(key: string, weight: StoredTensor, a: StoredTensor, b: StoredTensor, scale: number): StoredTensor {
  const [outFeatures, inFeatures] = weight.shape as [number, number];
  const rank = a.shape[0]!;
  if (a.shape[1] !== inFeatures || b.shape[0] !== outFeatures || b.shape[1] !== rank) {
    throw new ShapeError(`${key}: lora_A and lora_B`, `[r, ${inFeatures}] and [${outFeatures}, r]`, [
      ...a.shape,
      ...b.shape,
    ]);
  }
  const data = Float32Array.from(weight.data, (value, index) => {
    const [row, column] = [Math.floor(index / inFeatures), index % inFeatures];
    let sum = 0;
    for (let at = 0; at < rank; at += 1) sum += b.data[row * rank + at]! * a.data[at * inFeatures + column]!;
    return value + scale * sum;
  });
  return { shape: weight.shape, data };
}
