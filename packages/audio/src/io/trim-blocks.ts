import type { AudioSignal } from '@tesserae/core/data';

/** Samples of a decoder that are no sound of the source. */
export interface Trim {
  /** At the beginning. */
  readonly skip: number;
  /** How many come then; left out where unknown. */
  readonly length?: number;
  /** At the end; counts only without `length`. */
  readonly dropEnd?: number;
}

/** Blocks without what is to be trimmed; one of no samples where nothing is left. */
export async function* trimBlocks(blocks: AsyncIterable<AudioSignal>, trim: Trim): AsyncGenerator<AudioSignal> {
  const { length = Number.POSITIVE_INFINITY } = trim;
  const dropEnd = trim.length === undefined ? Math.max(0, trim.dropEnd ?? 0) : 0;
  let toSkip = Math.max(0, trim.skip);
  let given = 0;
  let held: AudioSignal[] = [];
  let heldSamples = 0;
  let empty: AudioSignal | undefined;

  function* release(block: AudioSignal): Generator<AudioSignal> {
    const part = slice(block, 0, Math.min(samplesOf(block), length - given));
    given += samplesOf(part);
    if (samplesOf(part) > 0) yield part;
  }

  for await (const block of blocks) {
    empty ??= slice(block, 0, 0);
    const kept = slice(block, Math.min(toSkip, samplesOf(block)), samplesOf(block));
    toSkip -= samplesOf(block) - samplesOf(kept);
    held.push(kept);
    heldSamples += samplesOf(kept);
    while (held[0] && heldSamples - samplesOf(held[0]) >= dropEnd) {
      const first = held.shift()!;
      heldSamples -= samplesOf(first);
      yield* release(first);
    }
  }
  let left = heldSamples - dropEnd;
  for (const block of held) {
    const part = slice(block, 0, Math.max(0, Math.min(left, samplesOf(block))));
    left -= samplesOf(part);
    yield* release(part);
  }
  held = [];
  if (given === 0 && empty) yield empty;
}

/** Samples of a channel. */
export function samplesOf({ channels }: AudioSignal): number {
  return channels[0]!.length;
}

/** Samples `from` to `to` of a block. */
export function slice(block: AudioSignal, from: number, to: number): AudioSignal {
  if (from === 0 && to === samplesOf(block)) return block;
  return { ...block, channels: block.channels.map((values) => values.subarray(from, to)) };
}
