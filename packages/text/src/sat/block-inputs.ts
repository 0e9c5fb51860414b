import { InputError } from '@tesserae/core/data';
import type { BlockPlan } from './plan-blocks';

/** What a model takes: rows of the same length, block by block. */
export interface BlockInputs {
  /** Blocks. */
  readonly rows: number;
  /** Values of a row of {@link mask}. */
  readonly columns: number;
  /** `[rows, columns]`, or `[rows, columns, hashes]` of characters. */
  readonly ids: Int32Array;
  /** `[rows, columns]`: 1 for what is there, 0 for what fills up. */
  readonly mask: Float32Array;
}

export interface TokenFrame {
  /** Id of `<s>`. Default 0, that of XLM-R. */
  readonly start?: number;
  /** Id of `</s>`. Default 2. */
  readonly end?: number;
}

/**
 * Blocks of tokens between a start and an end token. What fills up is id 0, as in the official code, and not the
 * padding token.
 *
 * @param texts - Ids of every text, without special tokens.
 */
export function tokenBlocks(plan: BlockPlan, texts: readonly ArrayLike<number>[], frame: TokenFrame = {}): BlockInputs {
  const { start: startId = 0, end: endId = 2 } = frame;
  checkTexts(plan, texts, 1);
  const rows = plan.blocks.length;
  const columns = plan.blockSize + 2;
  const ids = new Int32Array(rows * columns);
  const mask = new Float32Array(rows * columns);
  for (const [row, { text, start, end }] of plan.blocks.entries()) {
    const at = row * columns;
    ids[at] = startId;
    for (let unit = start; unit < end; unit += 1) ids[at + 1 + unit - start] = texts[text]![unit]!;
    ids[at + 1 + end - start] = endId;
    mask.fill(1, at, at + 2 + end - start);
  }
  return { rows, columns, ids, mask };
}

/**
 * Blocks of hashed characters, without special tokens.
 *
 * @param texts - `[characters, hashes]` of every text, as `characterHashes` gives them.
 * @param hashes - Numbers of a character.
 */
export function characterBlocks(plan: BlockPlan, texts: readonly Int32Array[], hashes: number): BlockInputs {
  checkTexts(plan, texts, hashes);
  const rows = plan.blocks.length;
  const columns = plan.blockSize;
  const ids = new Int32Array(rows * columns * hashes);
  const mask = new Float32Array(rows * columns);
  for (const [row, { text, start, end }] of plan.blocks.entries()) {
    ids.set(texts[text]!.subarray(start * hashes, end * hashes), row * columns * hashes);
    mask.fill(1, row * columns, row * columns + end - start);
  }
  return { rows, columns, ids, mask };
}

function checkTexts({ lengths }: BlockPlan, texts: readonly ArrayLike<number>[], numbers: number): void {
  const expected = lengths.map((length) => length * numbers).join(', ');
  const actual = texts.map(({ length }) => length).join(', ');
  if (actual !== expected) throw new InputError('texts', `texts of [${expected}] numbers`, `[${actual}]`);
}
