import { InputError } from '@tesserae/core/data';

export interface BlockOptions {
  /** Units (tokens, or characters) from the start of one block to that of the next. Default 64. */
  readonly stride?: number;
  /** Units of a block at most. Default 512. */
  readonly blockSize?: number;
  /** The model takes no more: 510 for SaT, whose 512 positions hold two special tokens. Default: no limit. */
  readonly modelLimit?: number;
  /** Blocks are filled up to a multiple of this, the down-sampling of CANINE models. Default 1. */
  readonly multipleOf?: number;
}

/** Part of a text that a model sees at once. */
export interface Block {
  /** Index of the text. */
  readonly text: number;
  /** First unit. */
  readonly start: number;
  /** Behind the last unit. */
  readonly end: number;
}

export interface BlockPlan {
  /** Units of each text. */
  readonly lengths: readonly number[];
  /** Units of every block; shorter texts leave the end of theirs empty. */
  readonly blockSize: number;
  readonly blocks: readonly Block[];
}

/**
 * Cuts texts into overlapping blocks (`extract` of wtpsplit). The last block of a text is moved left until it is full.
 * No block is longer than the longest text; empty texts have none.
 *
 * @param lengths - Units of each text.
 * @throws {InputError} Sizes that are no positive integers; a stride beyond the block, which would leave units out.
 */
export function planBlocks(lengths: readonly number[], options: BlockOptions = {}): BlockPlan {
  const { stride = 64, blockSize: wanted = 512, modelLimit = Infinity, multipleOf = 1 } = options;
  for (const [name, value] of Object.entries({ stride, blockSize: wanted, multipleOf })) positive(name, value);
  if (modelLimit !== Infinity) positive('modelLimit', modelLimit);
  for (const length of lengths) if (!(length >= 0)) throw new InputError('lengths', 'at least 0', String(length));
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const most = Math.min(wanted, longest, modelLimit);
  const blockSize = Math.ceil(most / multipleOf) * multipleOf;
  if (longest > blockSize && stride > blockSize) {
    throw new InputError('stride', `at most the ${blockSize} units of a block`, String(stride));
  }
  const blocks = lengths.flatMap((length, text) => {
    if (length === 0) return [];
    const count = Math.ceil(Math.max(length - blockSize, 0) / stride) + 1;
    return Array.from({ length: count }, (_, index) => {
      const end = Math.min(index * stride + blockSize, length);
      return { text, start: Math.max(end - blockSize, 0), end };
    });
  });
  return { lengths, blockSize, blocks };
}

function positive(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InputError(name, 'an integer of at least 1', String(value));
  }
}
