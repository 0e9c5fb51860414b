import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';

/** Consecutive id ranges of a language model: special tokens, then one range a modality or level. */
export interface JointVocabulary<Name extends string> {
  /** Ids in all. */
  readonly size: number;
  /** First id of each part. */
  readonly offsets: Readonly<Record<Name, number>>;
  /** Shifts ids of a part into the joint vocabulary; -1 stays -1. @throws {TokensError} `out-of-range`. */
  toJoint(part: Name, ids: Int32Array): Int32Array;
  /** The inverse of `toJoint`. @throws {TokensError} `out-of-range`: an id of another part. */
  fromJoint(part: Name, ids: Int32Array): Int32Array;
  /** The part of a joint id, and its id there. @throws {TokensError} `out-of-range`. */
  locate(id: number): { readonly part: Name; readonly id: number };
}

/**
 * Lays vocabularies behind each other.
 *
 * @example
 * const joint = jointVocabulary([['special', 3], ['text', 50257], ['image', 4096]]);
 * joint.offsets.image; // 50260
 * @param parts - Name and size in order; names are different, sizes at least 1.
 * @throws {InputError} Names repeat, a size is no count, or the sum leaves int32.
 */
export function jointVocabulary<Name extends string>(
  parts: readonly (readonly [name: Name, size: number])[],
): JointVocabulary<Name> {
  const sizes = new Map<Name, number>();
  const offsets = new Map<Name, number>();
  let size = 0;
  for (const [name, count] of parts) {
    if (sizes.has(name)) {
      throw new InputError('parts', 'different names', `${name} twice`);
    }
    if (!Number.isInteger(count) || count < 1 || size + count > 2 ** 31 - 1) {
      throw new InputError(`parts.${name}`, 'a size of at least 1, at most 2^31 - 1 in all', String(count));
    }
    sizes.set(name, count);
    offsets.set(name, size);
    size += count;
  }
  const range = (part: Name): readonly [offset: number, count: number] => {
    const offset = offsets.get(part);
    if (offset === undefined) {
      throw new InputError('part', [...sizes.keys()].join(', '), part);
    }
    return [offset, sizes.get(part)!];
  };
  const shift = (part: Name, ids: Int32Array, lowest: number, count: number, by: number): Int32Array =>
    ids.map((id, index) => {
      if (id === -1) {
        return -1;
      }
      if (id < lowest || id >= lowest + count) {
        throw new TokensError(
          'out-of-range',
          `${part} ids[${index}]: expected ${lowest}..${lowest + count - 1} or -1, got ${id}.`,
        );
      }
      return id + by;
    });
  return {
    size,
    offsets: Object.fromEntries(offsets) as Record<Name, number>,
    toJoint: (part, ids) => {
      const [offset, count] = range(part);
      return shift(part, ids, 0, count, offset);
    },
    fromJoint: (part, ids) => {
      const [offset, count] = range(part);
      return shift(part, ids, offset, count, -offset);
    },
    locate: (id) => {
      for (const [part, offset] of offsets) {
        if (Number.isInteger(id) && id >= offset && id < offset + sizes.get(part)!) {
          return { part, id: id - offset };
        }
      }
      throw new TokensError('out-of-range', `joint id: expected 0..${size - 1}, got ${id}.`);
    },
  };
}
