import { InputError } from '@tesserae/core/data';
import { byteTokens, tokenBytes } from './byte-tokens';

export interface GzipTokenOptions {
  /** Bits of a token: 8 or 16. Default 8. */
  readonly bits?: 8 | 16;
}

/**
 * Compresses bytes with gzip and takes the result for tokens: the baseline without a model (arXiv 2404.03626, section
 * 3.3). Compressors differ between engines, so that the tokens may too; their bytes do not.
 *
 * @throws {InputError} Other bits.
 */
export async function gzipTokens(bytes: Uint8Array, { bits = 8 }: GzipTokenOptions = {}): Promise<Int32Array> {
  checkBits(bits);
  return byteTokens(await through(bytes, new CompressionStream('gzip')), bits);
}

/**
 * Bytes of tokens: the inverse of {@link gzipTokens}.
 *
 * @throws {InputError} Tokens that are no gzip stream, or other bits.
 */
export async function gzipTokenBytes(ids: ArrayLike<number>, { bits = 8 }: GzipTokenOptions = {}): Promise<Uint8Array> {
  checkBits(bits);
  const bytes = tokenBytes(ids, bits);
  // A stream of an odd number of bytes was filled up with a zero, which nothing may follow a stream with.
  const lengths = bits === 16 && bytes.at(-1) === 0 ? [bytes.length, bytes.length - 1] : [bytes.length];
  for (const length of lengths) {
    const unpacked = await unzip(bytes.subarray(0, length));
    if (unpacked) return unpacked;
  }
  throw new InputError('ids', 'tokens of a gzip stream', `${ids.length} others`);
}

async function unzip(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return await through(bytes, new DecompressionStream('gzip'));
  } catch {
    return undefined;
  }
}

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const source = new Blob([Uint8Array.from(bytes)]).stream();
  return new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer());
}

function checkBits(bits: number): void {
  if (bits !== 8 && bits !== 16) throw new InputError('bits', '8 or 16', String(bits));
}
