import type { StreamingHash } from '../platform/types';

const blockBytes = 64;

/** Pads and cuts a stream into blocks of 64 bytes, as FIPS 180-4 section 5 says. */
function blockHash(state: Uint32Array, compress: (state: Uint32Array, words: DataView) => void): StreamingHash {
  const rest = new Uint8Array(2 * blockBytes);
  let held = 0;
  let total = 0;
  const blocks = (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += blockBytes)
      compress(state, new DataView(bytes.buffer, bytes.byteOffset + at, blockBytes));
  };
  return {
    update(bytes) {
      total += bytes.length;
      let from = 0;
      if (held > 0) {
        from = Math.min(blockBytes - held, bytes.length);
        rest.set(bytes.subarray(0, from), held);
        held += from;
        if (held < blockBytes) return;
        blocks(rest.subarray(0, blockBytes));
      }
      const whole = from + (bytes.length - from - ((bytes.length - from) % blockBytes));
      blocks(bytes.subarray(from, whole));
      rest.set(bytes.subarray(whole));
      held = bytes.length - whole;
    },
    digest() {
      const length = held < blockBytes - 8 ? blockBytes : 2 * blockBytes;
      rest.fill(0, held, length);
      rest[held] = 0x80;
      const view = new DataView(rest.buffer);
      view.setUint32(length - 8, Math.floor(total / 2 ** 29));
      view.setUint32(length - 4, (total * 8) >>> 0);
      blocks(rest.subarray(0, length));
      return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
    },
  };
}

/** First 32 bits of the fractional part of a root. */
const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32) >>> 0;

const primes = ((): readonly number[] => {
  const found: number[] = [];
  for (let candidate = 2; found.length < 64; candidate += 1)
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  return found;
})();

const roundConstants = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

/** SHA-256 (FIPS 180-4) piece by piece: WebCrypto hashes only what is in memory as a whole. */
export function sha256(): StreamingHash {
  const schedule = new Uint32Array(64);
  const start = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  return blockHash(start, (state, words) => {
    for (let t = 0; t < 16; t += 1) schedule[t] = words.getUint32(4 * t);
    for (let t = 16; t < 64; t += 1) {
      const x = schedule[t - 15]!;
      const y = schedule[t - 2]!;
      const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      schedule[t] = schedule[t - 16]! + small0 + schedule[t - 7]! + small1;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let t = 0; t < 64; t += 1) {
      const large1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const first = (h + large1 + ((e & f) ^ (~e & g)) + roundConstants[t]! + schedule[t]!) | 0;
      const large0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const second = (large0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, index) => (state[index]! += word));
  });
}

/** SHA-1 (FIPS 180-4) piece by piece: names of small files in git. Against accidents, not against attackers. */
export function sha1(): StreamingHash {
  const schedule = new Uint32Array(80);
  const start = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  return blockHash(start, (state, words) => {
    for (let t = 0; t < 16; t += 1) schedule[t] = words.getUint32(4 * t);
    for (let t = 16; t < 80; t += 1) {
      const word = schedule[t - 3]! ^ schedule[t - 8]! ^ schedule[t - 14]! ^ schedule[t - 16]!;
      schedule[t] = (word << 1) | (word >>> 31);
    }
    let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
    for (let t = 0; t < 80; t += 1) {
      const mixed =
        t < 20
          ? ((b & c) | (~b & d)) + 0x5a827999
          : t < 40
            ? (b ^ c ^ d) + 0x6ed9eba1
            : t < 60
              ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
              : (b ^ c ^ d) + 0xca62c1d6;
      const next = (((a << 5) | (a >>> 27)) + mixed + e + schedule[t]!) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    [a, b, c, d, e].forEach((word, index) => (state[index]! += word));
  });
}
