/** Header of an MPEG audio frame. */
export interface MpegHeader {
  /** 2.5 is an extension to low rates. */
  readonly version: 1 | 2 | 2.5;
  readonly layer: 1 | 2 | 3;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Bytes of the frame; 0 for the free format, which does not say. */
  readonly length: number;
  /** Of a channel. */
  readonly samples: number;
}

/** kbit/s by index, for layers 1, 2 and 3 of version 1, then layer 1 and layers 2 and 3 of version 2. */
const bitrates = {
  v1: [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  ],
  v2: [
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ],
} as const;

const rates = [44_100, 48_000, 32_000] as const;

/** Reads the four bytes at a place; undefined where they are no header. */
export function mpegHeader(bytes: Uint8Array, at = 0): MpegHeader | undefined {
  if (bytes[at] !== 0xff || ((bytes[at + 1] ?? 0) & 0xe0) !== 0xe0) return undefined;
  const second = bytes[at + 1]!;
  const third = bytes[at + 2] ?? 0xff;
  const version = ([2.5, undefined, 2, 1] as const)[(second >> 3) & 3];
  const layer = ([undefined, 3, 2, 1] as const)[(second >> 1) & 3];
  const rate = rates[(third >> 2) & 3];
  const index = third >> 4;
  if (version === undefined || layer === undefined || rate === undefined || index === 15) return undefined;
  const sampleRate = rate / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const bitrate = bitrates[version === 1 ? 'v1' : 'v2'][layer - 1]![index]! * 1000;
  const samples = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152;
  const padding = (third >> 1) & 1;
  const slot = layer === 1 ? 4 : 1;
  const length = bitrate === 0 ? 0 : (Math.floor((samples / 8 / slot) * (bitrate / sampleRate)) + padding) * slot;
  const channels = (bytes[at + 3] ?? 0) >> 6 === 3 ? 1 : 2;
  return { version, layer, sampleRate, channels, length, samples };
}

/** True where two frames can be of one stream. */
export function isSameStream(a: MpegHeader, b: MpegHeader): boolean {
  return a.version === b.version && a.layer === b.layer && a.sampleRate === b.sampleRate;
}
