import { InputError } from '@tesserae/core/data';
import { reverseComplement } from './nucleotides';

/** How {@link fastaWindows} cuts sequences. */
export interface FastaWindowOptions {
  /** Letters of a window. Default 1000. */
  readonly length?: number;
  /** Letters from one window to the next. Default: `length`. */
  readonly step?: number;
  /** Shorter ends are left out. Default 1. */
  readonly minimumLength?: number;
  /** `split`: sequences end at other letters than A, C, G, T, so that no window has one. Default `split`. */
  readonly ambiguous?: 'keep' | 'split';
  /** `both`: the reverse complement follows each window. Default `forward`. */
  readonly strands?: 'forward' | 'both';
}

/**
 * Sequences of a FASTA file in windows, in upper case. Lines that begin with `>` or `;` end a sequence; a file without
 * them is one. Holds a window and a line at a time.
 *
 * @param lines - With or without newlines.
 * @throws {InputError} An option that is no integer from 1.
 */
export function* fastaWindows(lines: Iterable<string>, options: FastaWindowOptions = {}): Generator<string> {
  const { length = 1000, step = length, minimumLength = 1, ambiguous = 'split', strands = 'forward' } = options;
  for (const [name, value] of Object.entries({ length, step, minimumLength })) {
    if (!(Number.isInteger(value) && value >= 1)) throw new InputError(name, 'an integer from 1', String(value));
  }
  let open = '';
  // Letters that are still to be passed over before the next window begins.
  let gap = 0;
  // Letters at the beginning of `open` that the window before has too.
  let covered = 0;
  function* take(isEnd: boolean): Generator<string> {
    for (;;) {
      const passed = Math.min(gap, open.length);
      open = open.slice(passed);
      gap -= passed;
      if (open.length < length && !isEnd) return;
      const window = open.slice(0, length);
      if (window.length >= minimumLength && window.length > covered) {
        yield window;
        if (strands === 'both') yield reverseComplement(window);
      }
      if (open.length <= length && isEnd) {
        open = '';
        gap = 0;
        covered = 0;
        return;
      }
      gap = step;
      covered = Math.max(0, length - step);
    }
  }
  for (const line of lines) {
    if (/^[>;]/.test(line)) {
      yield* take(true);
      continue;
    }
    const letters = line.replaceAll(/\s/g, '').toUpperCase();
    const stretches = ambiguous === 'split' ? letters.split(/[^ACGT]+/) : [letters];
    for (const [index, stretch] of stretches.entries()) {
      if (index > 0) yield* take(true);
      open += stretch;
      yield* take(false);
    }
  }
  yield* take(true);
}
