const size = 624;
const shift = 397;

/**
 * MT19937: a function that returns the next 32-bit word, 0..2^32 - 1.
 *
 * @param seed - Its low 32 bits count.
 * @see Matsumoto and Nishimura, Mersenne Twister, 1998; seeding of 2002.
 */
export function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(size);
  state[0] = seed % 2 ** 32;
  for (let index = 1; index < size; index += 1) {
    const previous = state[index - 1]!;
    state[index] = Math.imul(1812433253, previous ^ (previous >>> 30)) + index;
  }
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
