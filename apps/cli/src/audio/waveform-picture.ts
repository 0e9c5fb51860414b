import type { CommandContext } from '../command';
import type { MediaInput } from '../io/media-input';
import { type Color, raster } from './raster';
import { soundBlocks } from './sound-blocks';

/** Pixels. */
const width = 1200;
const channelHeight = 200;
const [paper, ink, line, mean]: readonly Color[] = [
  [255, 255, 255],
  [60, 90, 150],
  [210, 215, 225],
  [130, 160, 210],
];

/** What a column of the picture shows. */
interface Column {
  low: number;
  high: number;
  square: number;
  samples: number;
}

/** The waveform of a sound file as a PNG: a strip a channel, extremes dark and the RMS light over the time. */
export async function waveformPicture(input: MediaInput, { signal }: CommandContext): Promise<Uint8Array> {
  const channels: Column[][] = [];
  const scale = { samples: 1 };
  for await (const block of soundBlocks(input, signal)) {
    for (const [index, samples] of block.channels.entries()) addSamples((channels[index] ??= []), samples, scale);
    // Channels are as long as each other: they are made coarser together.
    while (channels[0]!.length > width) {
      scale.samples *= 2;
      for (const [index, columns] of channels.entries()) channels[index] = coarser(columns);
    }
  }
  const image = raster(width, channelHeight * Math.max(1, channels.length), paper!);
  for (const [index, columns] of channels.entries()) drawChannel(image, index * channelHeight, columns);
  return image.png();
}

function addSamples(columns: Column[], samples: Float32Array, scale: { readonly samples: number }): void {
  for (const value of samples) {
    let last = columns.at(-1);
    if (!last || last.samples >= scale.samples) {
      last = { low: value, high: value, square: 0, samples: 0 };
      columns.push(last);
    }
    last.low = Math.min(last.low, value);
    last.high = Math.max(last.high, value);
    last.square += value * value;
    last.samples += 1;
  }
}

function coarser(columns: readonly Column[]): Column[] {
  return Array.from({ length: Math.ceil(columns.length / 2) }, (_, index) => {
    const [a, b] = [columns[2 * index]!, columns[2 * index + 1]];
    if (!b) return a;
    return {
      low: Math.min(a.low, b.low),
      high: Math.max(a.high, b.high),
      square: a.square + b.square,
      samples: a.samples + b.samples,
    };
  });
}

function drawChannel(image: ReturnType<typeof raster>, top: number, columns: readonly Column[]): void {
  const middle = top + channelHeight / 2;
  const y = (value: number) => Math.round(middle - Math.max(-1, Math.min(1, value)) * (channelHeight / 2 - 2));
  image.fill(0, middle, width, 1, line!);
  for (const [index, { low, high, square, samples }] of columns.entries()) {
    const x = Math.floor((index * width) / columns.length);
    const w = Math.max(1, Math.floor(((index + 1) * width) / columns.length) - x);
    const level = Math.sqrt(square / samples);
    image.fill(x, y(high), w, y(low) - y(high) + 1, ink!);
    const [upper, lower] = [Math.min(high, level), Math.max(low, -level)];
    if (upper > lower) image.fill(x, y(upper), w, y(lower) - y(upper) + 1, mean!);
  }
}
