import { InputError, type RandomSource } from '@tesserae/core/data';

export interface HaystackOptions {
  /** Lines of the haystack. */
  readonly pairs: number;
  /** Threads to follow, each from a key of its own. Default 1. */
  readonly threads?: number;
  /** Look-ups of each thread: 1 is a needle, more a thread whose values are keys again. Default 1. */
  readonly steps?: number;
  /** Whether a thread goes down the haystack, up, or both ways. Default `random`. */
  readonly direction?: 'forward' | 'backward' | 'random';
  readonly random: RandomSource;
}

/** What is to be found. */
export interface HaystackThread {
  /** The key to begin with, and the values that follow from it; the last one is the answer. */
  readonly path: readonly string[];
  /** Lines of its pairs, in the order of the path. */
  readonly lines: readonly number[];
}

/** Pairs of keys and values, and what is hidden among them. */
export interface Haystack {
  readonly pairs: readonly (readonly [key: string, value: string])[];
  readonly threads: readonly HaystackThread[];
  /** The pairs as JSON, one a line. */
  readonly text: string;
}

/**
 * A haystack of random UUIDs for measuring how well long contexts are used (Needle Threading, arXiv 2411.05000, section
 * 3): needles, several needles, threads and several threads, in either direction.
 *
 * @throws {InputError} Numbers below 1, or threads that need more lines than there are.
 */
export function keyValueHaystack(options: HaystackOptions): Haystack {
  const { pairs: size, threads: count = 1, steps = 1, direction = 'random', random } = options;
  for (const [name, value] of Object.entries({ pairs: size, threads: count, steps })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InputError(name, 'an integer of at least 1', String(value));
  }
  if (count * steps > size) throw new InputError('pairs', `at least ${count * steps} for the threads`, String(size));
  const pairs = Array.from({ length: size }, () => [randomUuid(random), randomUuid(random)] as [string, string]);
  const places = random.permutation(size);
  const threads = Array.from({ length: count }, (_, thread) => {
    const lines = Array.from(places.subarray(thread * steps, (thread + 1) * steps));
    if (direction !== 'random') lines.sort((a, b) => (direction === 'forward' ? a - b : b - a));
    for (const [step, line] of lines.entries()) {
      const next = lines[step + 1];
      if (next !== undefined) pairs[line]![1] = pairs[next]![0];
    }
    return { path: [pairs[lines[0]!]![0], ...lines.map((line) => pairs[line]![1])], lines };
  });
  const rows = pairs.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return { pairs, threads, text: `{\n${rows.join(',\n')}\n}` };
}

/** A UUID of version 4. */
function randomUuid(random: RandomSource): string {
  const bytes = random.integers(0, 256, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-');
}
