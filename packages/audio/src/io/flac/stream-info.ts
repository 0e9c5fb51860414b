import { undecodable } from '../chunk-errors';

/** What the first metadata block says. */
export interface FlacStreamInfo {
  /** Hz. */
  readonly sampleRate: number;
  /** 1..8. */
  readonly channels: number;
  /** 4..32. */
  readonly bitsPerSample: number;
  /** Of a channel; 0 where unknown. */
  readonly samples: number;
  /** Of the samples as interleaved little-endian integers, in hex; undefined where unknown. */
  readonly md5?: string;
}

export const streamInfoBytes = 34;

/** @throws {InputError} `undecodable`. */
export function readStreamInfo(block: Uint8Array, name: string): FlacStreamInfo {
  if (block.length < streamInfoBytes) {
    throw undecodable(name, `a stream info of ${streamInfoBytes} bytes`, `${block.length} bytes`);
  }
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const packed = view.getUint32(10);
  const sampleRate = packed >>> 12;
  const bitsPerSample = ((packed >>> 4) & 31) + 1;
  if (sampleRate === 0) throw undecodable(name, 'a sampling rate above 0 Hz', '0 Hz');
  if (bitsPerSample < 4) throw undecodable(name, '4 to 32 bits per sample', `${bitsPerSample}`);
  const md5 = [...block.subarray(18, 34)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    sampleRate,
    channels: ((packed >>> 9) & 7) + 1,
    bitsPerSample,
    samples: (block[13]! & 15) * 2 ** 32 + view.getUint32(14),
    ...(!/^0+$/.test(md5) && { md5 }),
  };
}
