import { InputError } from '@tesserae/core/data';
import { joinSequences, paddingSequence, type TokenSequence } from './token-sequence';

/** Padding with every choice made. */
export interface PaddingPlan {
  readonly length: number | 'longest';
  readonly multipleOf: number;
  readonly direction: 'left' | 'right';
  readonly id: number;
  readonly typeId: number;
}

/**
 * Fills sequences, and what overflows of them, up to one length. Longer ones stay.
 *
 * @throws {InputError} A length or multiple that is no count.
 */
export function padSequences(sequences: readonly TokenSequence[], plan: PaddingPlan): readonly TokenSequence[] {
  const { length, multipleOf } = plan;
  if (length !== 'longest' && !(Number.isInteger(length) && length >= 0)) {
    throw new InputError('padding.length', 'an integer from 0 or "longest"', String(length));
  }
  if (!Number.isInteger(multipleOf) || multipleOf < 0) {
    throw new InputError('padding.multipleOf', 'an integer from 1', String(multipleOf));
  }
  let target = length === 'longest' ? Math.max(0, ...sequences.map(({ ids }) => ids.length)) : length;
  if (multipleOf > 1) target = Math.ceil(target / multipleOf) * multipleOf;
  return sequences.map((sequence) => pad(sequence, target, plan));
}

function pad(sequence: TokenSequence, target: number, plan: PaddingPlan): TokenSequence {
  const overflowing = sequence.overflowing.map((part) => pad(part, target, plan));
  const missing = target - sequence.ids.length;
  if (missing <= 0) return { ...sequence, overflowing };
  const padding = paddingSequence(missing, plan.id, plan.typeId);
  const own = { ...sequence, overflowing: [] };
  return { ...joinSequences(plan.direction === 'left' ? [padding, own] : [own, padding]), overflowing };
}
