import { InputError } from '@tesserae/core/data';
import { type ByteModel, checkedFrequencies } from './byte-model';
import { shareCodes } from './window-shares';

export interface EqualInfoOptions {
  /** Bits of a window, 16..4096. Default 16. */
  readonly windowBits?: number;
}

/**
 * Compresses bytes into windows of the same number of bits (Equal-Info Windows, arXiv 2404.03626, section 3.2): a window
 * takes bytes while they fit, then coder and model begin anew, so that every window can be read by itself.
 *
 * The paper does not say how a reader knows where a window ends. Here one of the codes that are left says so before each
 * byte: any text comes back exactly, at a cost of less than 2^-8 bits a byte until the window is nearly full.
 *
 * @returns One number of `windowBits` bits a window.
 * @throws {InputError} Window sizes outside 16..4096, or a model whose frequencies are none.
 */
export function equalInfoEncode(bytes: Uint8Array, model: ByteModel, options: EqualInfoOptions = {}): bigint[] {
  const codes = 1n << BigInt(windowSize(options));
  const windows: bigint[] = [];
  for (let at = 0; at < bytes.length;) {
    const context = model.start();
    let low = 0n;
    let left = codes;
    const begin = at;
    while (at < bytes.length && left > 1n) {
      const share = shareCodes(left, checkedFrequencies(context), at > begin).ofByte(bytes[at]!);
      if (!share) break;
      low += share[0];
      left = share[1];
      context.push(bytes[at]!);
      at += 1;
    }
    // The first code that is left: it ends the window.
    windows.push(low);
  }
  return windows;
}

/**
 * Bytes of windows; each is read by itself.
 *
 * @throws {InputError} A window that is no number of `windowBits` bits.
 */
export function equalInfoDecode(
  windows: readonly bigint[],
  model: ByteModel,
  options: EqualInfoOptions = {},
): Uint8Array {
  const codes = 1n << BigInt(windowSize(options));
  const bytes: number[] = [];
  for (const [index, window] of windows.entries()) {
    if (window < 0n || window >= codes) throw new InputError(`windows ${index}`, `0..${codes - 1n}`, String(window));
    for (const byte of decodeWindow(window, codes, model)) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

function decodeWindow(window: bigint, codes: bigint, model: ByteModel): number[] {
  const context = model.start();
  const bytes: number[] = [];
  let code = window;
  let left = codes;
  while (left > 1n) {
    const share = shareCodes(left, checkedFrequencies(context), bytes.length > 0).ofCode(code);
    if (share === 'end') break;
    code -= share.first;
    left = share.count;
    bytes.push(share.byte);
    context.push(share.byte);
  }
  return bytes;
}

/**
 * Windows as ids of tokens, the highest bits first.
 *
 * @param bits - Of a token, 1..24; divides those of a window.
 * @throws {InputError}
 */
export function windowTokens(windows: readonly bigint[], bits: number, options: EqualInfoOptions = {}): Int32Array {
  const perWindow = tokensOfWindow(bits, options);
  const mask = (1n << BigInt(bits)) - 1n;
  return Int32Array.from({ length: windows.length * perWindow }, (_, index) => {
    const shift = BigInt((perWindow - 1 - (index % perWindow)) * bits);
    return Number((windows[Math.floor(index / perWindow)]! >> shift) & mask);
  });
}

/**
 * Windows of tokens: the inverse of {@link windowTokens}.
 *
 * @throws {InputError} No whole windows, or an id outside `0..2^bits - 1`.
 */
export function tokenWindows(ids: ArrayLike<number>, bits: number, options: EqualInfoOptions = {}): bigint[] {
  const perWindow = tokensOfWindow(bits, options);
  if (ids.length % perWindow !== 0) {
    throw new InputError('ids', `a multiple of ${perWindow} ids`, String(ids.length));
  }
  return Array.from({ length: ids.length / perWindow }, (_, window) => {
    let code = 0n;
    for (let index = window * perWindow; index < (window + 1) * perWindow; index += 1) {
      const id = ids[index]!;
      if (!Number.isInteger(id) || id < 0 || id >= 2 ** bits) {
        throw new InputError('ids', `integers of 0..${2 ** bits - 1}`, `${id} at ${index}`);
      }
      code = (code << BigInt(bits)) | BigInt(id);
    }
    return code;
  });
}

function windowSize({ windowBits = 16 }: EqualInfoOptions): number {
  if (!Number.isInteger(windowBits) || windowBits < 16 || windowBits > 4096) {
    throw new InputError('windowBits', 'an integer of 16..4096', String(windowBits));
  }
  return windowBits;
}

function tokensOfWindow(bits: number, options: EqualInfoOptions): number {
  const size = windowSize(options);
  if (!Number.isInteger(bits) || bits < 1 || bits > 24 || size % bits !== 0) {
    throw new InputError('bits', `an integer of 1..24 that divides ${size}`, String(bits));
  }
  return size / bits;
}
