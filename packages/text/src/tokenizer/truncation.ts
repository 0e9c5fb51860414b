import { InputError } from '@tesserae/core/data';
import type { TruncationOptions } from './text-tokenizer';
import { sliceSequence, type TokenSequence } from './token-sequence';

/**
 * Cuts one or two sequences so that together with `added` special tokens they have at most `maxLength` tokens. What is
 * cut off goes into windows in `overflowing`.
 *
 * @throws {InputError} `maxLength` is below `added`; `stride` is not below the length of a sequence that is cut; the one
 * sequence that may be cut would become empty, or is not there.
 */
export function truncateSequences(
  sequences: readonly TokenSequence[],
  { maxLength, stride = 0, strategy = 'longest-first', direction = 'right' }: TruncationOptions,
  added: number,
): readonly TokenSequence[] {
  const room = maxLength - added;
  checkCount('truncation.maxLength', maxLength, added, `at least the ${added} special tokens that are added`);
  checkCount('truncation.stride', stride, 0, 'an integer from 0');
  const total = sequences.reduce((sum, { ids }) => sum + ids.length, 0);
  if (total <= room && room > 0) return sequences;
  const cut = (sequence: TokenSequence, length: number) => truncate(sequence, length, stride, direction);
  if (room === 0) return sequences.map((sequence) => cut(sequence, 0));
  if (strategy === 'longest-first') {
    const lengths = longestFirst(
      sequences.map(({ ids }) => ids.length),
      room,
    );
    return sequences.map((sequence, index) => cut(sequence, lengths[index]!));
  }
  const chosen = strategy === 'only-first' ? 0 : 1;
  const length = sequences[chosen] ? sequences[chosen].ids.length - (total - room) : 0;
  if (length <= 0) {
    const actual = sequences[chosen] ? 'a sequence that would become empty' : 'no second sequence';
    throw new InputError('truncation.strategy', `a sequence long enough to be cut ("${strategy}")`, actual);
  }
  return sequences.map((sequence, index) => (index === chosen ? cut(sequence, length) : sequence));
}

/** Lengths of two sequences so that the longer one loses first, or of one. */
function longestFirst(lengths: readonly number[], room: number): readonly number[] {
  const [first = 0, second] = lengths;
  if (second === undefined) return [Math.min(first, room)];
  let shorter = Math.min(first, second);
  let longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
  if (shorter + longer > room) {
    shorter = Math.floor(room / 2);
    longer = shorter + (room % 2);
  }
  return first > second ? [longer, shorter] : [shorter, longer];
}

function truncate(sequence: TokenSequence, length: number, stride: number, direction: 'left' | 'right'): TokenSequence {
  const total = sequence.ids.length;
  if (length >= total) return sequence;
  if (length === 0) return { ...sliceSequence(sequence, 0, 0), overflowing: [sequence] };
  if (stride >= length) {
    throw new InputError(
      'truncation.stride',
      `less than the ${length} tokens that a sequence is cut to`,
      String(stride),
    );
  }
  const windows: TokenSequence[] = [];
  const step = length - stride;
  if (direction === 'right') {
    for (let start = 0, end = 0; end < total; start += step) {
      end = Math.min(start + length, total);
      windows.push(sliceSequence(sequence, start, end));
    }
  } else {
    for (let start = 1, end = total; start > 0; end -= step) {
      start = Math.max(end - length, 0);
      windows.push(sliceSequence(sequence, start, end));
    }
  }
  return { ...windows[0]!, overflowing: windows.slice(1) };
}

function checkCount(option: string, value: number, least: number, expected: string): void {
  if (!Number.isInteger(value) || value < least) throw new InputError(option, expected, String(value));
}
