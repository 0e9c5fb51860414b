/** Where the channels of WAV files stand in Vorbis order, by number of channels. */
const orders: Readonly<Record<number, readonly number[]>> = {
  3: [0, 2, 1],
  5: [0, 2, 1, 3, 4],
  6: [0, 2, 1, 5, 3, 4],
  7: [0, 2, 1, 6, 5, 3, 4],
  8: [0, 2, 1, 7, 5, 6, 3, 4],
};

/** Channels of Vorbis or Opus (left, center, right ...) in the order of WAV and FLAC (left, right, center ...). */
export function inWavOrder<T>(channels: readonly T[]): readonly T[] {
  return orders[channels.length]?.map((index) => channels[index]!) ?? channels;
}
