import { InputError } from '@tesserae/core/data';
import { byteFrequencies, type ByteModel } from './byte-model';

export interface ContextModelOptions {
  /** Bytes before the next one that count, 0..6. Default 3. */
  readonly order?: number;
}

interface Follower {
  readonly counts: Map<number, number>;
  total: number;
}

/**
 * A model by how often bytes follow others in a training text, shorter contexts filling in for what longer ones have not
 * seen (Witten and Bell): `p_k(b) = (count(b) + kinds · p_(k-1)(b)) / (total + kinds)`.
 *
 * @throws {InputError} An order outside 0..6.
 */
export function contextByteModel(training: Uint8Array, options: ContextModelOptions = {}): ByteModel {
  const { order = 3 } = options;
  if (!Number.isInteger(order) || order < 0 || order > 6) {
    throw new InputError('order', 'an integer of 0..6', String(order));
  }
  const tables = Array.from({ length: order + 1 }, (_, length) => countFollowers(training, length));
  const known = new Map<string, Int32Array>();
  return {
    start() {
      let recent: number[] = [];
      return {
        frequencies() {
          const key = recent.join();
          let found = known.get(key);
          if (!found) {
            found = byteFrequencies(blend(tables, recent));
            // Bounded: what is left out is only computed again.
            if (known.size < 65_536) known.set(key, found);
          }
          return found;
        },
        push(byte) {
          recent = [...recent, byte].slice(-order || Infinity);
          if (order === 0) recent = [];
        },
      };
    },
  };
}

/** What comes behind every context of a length; contexts are numbers in base 256. */
function countFollowers(training: Uint8Array, length: number): Map<number, Follower> {
  const followers = new Map<number, Follower>();
  for (let at = length; at < training.length; at += 1) {
    const context = contextKey(training.subarray(at - length, at));
    let follower = followers.get(context);
    if (!follower) followers.set(context, (follower = { counts: new Map(), total: 0 }));
    follower.counts.set(training[at]!, (follower.counts.get(training[at]!) ?? 0) + 1);
    follower.total += 1;
  }
  return followers;
}

function blend(tables: readonly Map<number, Follower>[], recent: readonly number[]): Float64Array {
  let probabilities = new Float64Array(256).fill(1 / 256);
  for (const [length, followers] of tables.entries()) {
    if (length > recent.length) break;
    const follower = followers.get(contextKey(recent.slice(recent.length - length)));
    if (!follower) break;
    const kinds = follower.counts.size;
    probabilities = probabilities.map(
      (shorter, byte) => ((follower.counts.get(byte) ?? 0) + kinds * shorter) / (follower.total + kinds),
    );
  }
  return probabilities;
}

function contextKey(bytes: Iterable<number>): number {
  let key = 0;
  for (const byte of bytes) key = key * 256 + byte;
  return key;
}
