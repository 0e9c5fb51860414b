const size = 624;
const shift = 397;

/**
 * MT19937: a function that returns the next 32-bit word, 0..2^32 - 1.
 *
 * @param seed - Its low 32 bits count.
 * @see Matsumoto and Nishimura, Mersenne Twister, 1998; seeding of 2002.
 */
export function mersenneTwister(seed: number): () => number {
  return wordsOf(seededState(seed));
}

/**
 * MT19937 seeded by a list of 32-bit words, as Python's `random.Random` is by the words of its seed, lowest first.
 *
 * @param key - At least one word.
 */
export function mersenneTwisterOfKey(key: readonly number[]): () => number {
  const state = seededState(19650218);
  let index = 1;
  const advance = () => {
    index += 1;
    if (index < size) return;
    state[0] = state[size - 1]!;
    index = 1;
  };
  const mixed = (factor: number) => {
    const previous = state[index - 1]!;
    return state[index]! ^ Math.imul(previous ^ (previous >>> 30), factor);
  };
  for (let step = 0; step < Math.max(size, key.length); step += 1) {
    const place = step % key.length;
    state[index] = mixed(1664525) + key[place]! + place;
    advance();
  }
  for (let step = 0; step < size - 1; step += 1) {
    state[index] = mixed(1566083941) - index;
    advance();
  }
  state[0] = 0x80000000;
  return wordsOf(state);
}

function seededState(seed: number): Uint32Array {
  const state = new Uint32Array(size);
  state[0] = seed % 2 ** 32;
  for (let index = 1; index < size; index += 1) {
    const previous = state[index - 1]!;
    state[index] = Math.imul(1812433253, previous ^ (previous >>> 30)) + index;
  }
  return state;
}

function wordsOf(state: Uint32Array): () => number {
  let position = size;
  return () => {
    if (position === size) {
      refill(state);
      position = 0;
    }
    let word = state[position]!;
    position += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}

function refill(state: Uint32Array): void {
  for (let index = 0; index < size; index += 1) {
    const mixed = (state[index]! & 0x80000000) | (state[(index + 1) % size]! & 0x7fffffff);
    state[index] = state[(index + shift) % size]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
  }
}
