import type { SubframeSamples } from './flac-bits';

/** Bytes of a part of an array that is used again. */
export interface PackedBytes {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** Integers interleaved, the lowest byte first, as the MD5 of a FLAC file is taken. */
export function packIntegers(
  channels: readonly (SubframeSamples | Int32Array)[],
  bitsPerSample: number,
  reused?: PackedBytes,
): PackedBytes {
  const width = Math.ceil(bitsPerSample / 8);
  const stride = width * channels.length;
  const length = channels[0]!.length * stride;
  const bytes = reused && reused.bytes.length >= length ? reused.bytes : new Uint8Array(length);
  channels.forEach((values, channel) => {
    for (let n = 0, at = channel * width; n < values.length; n += 1, at += stride) {
      let rest = values[n]! | 0;
      for (let byte = 0; byte < width; byte += 1, rest >>= 8) bytes[at + byte] = rest;
    }
  });
  return { bytes, length };
}
