import { isAsciiText } from '../../bytes/utf8';
import { generalCategories } from '../../tables/general-category';
import { type AlignedText, rewriteText } from '../aligned-text';
import { combiningClass } from './combining-class';

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * A Unicode normalization form, of Unicode 9.0 as in the Hugging Face library: characters assigned later stay as they
 * are. The forms of older characters never change, so the runtime's own tables serve for them.
 */
export function normalizeForm(source: AlignedText, form: UnicodeForm): AlignedText {
  const { text } = source;
  // ASCII is the same in all forms.
  if (isAsciiText(text)) return source;
  if (hasOnlyOldCharacters(text)) {
    const normalized = text.normalize(form);
    if (normalized === text) return source;
    if (!source.tracked) return { ...source, text: normalized };
  }
  const decomposed = decompose(text, form.startsWith('NFK') ? 'NFKD' : 'NFD');
  return rewriteText(source, ...parts(form.endsWith('C') ? compose(decomposed) : decomposed));
}

/** A character, and what it does to the old text: 0 replaces a character, 1 is added, -n replaces n + 1. */
interface Step {
  readonly character: string;
  readonly change: number;
}

const parts = (steps: readonly Step[]): [readonly string[], readonly number[]] => [
  steps.map(({ character }) => character),
  steps.map(({ change }) => change),
];

const isOld = (codePoint: number): boolean => generalCategories(9)[codePoint] !== 0;

function hasOnlyOldCharacters(text: string): boolean {
  for (const character of text) if (!isOld(character.codePointAt(0)!)) return false;
  return true;
}

const decompositions = { NFD: new Map<string, readonly string[]>(), NFKD: new Map<string, readonly string[]>() };

function decompositionOf(character: string, form: 'NFD' | 'NFKD'): readonly string[] {
  const known = decompositions[form].get(character);
  if (known) return known;
  const found = isOld(character.codePointAt(0)!) ? [...character.normalize(form)] : [character];
  decompositions[form].set(character, found);
  return found;
}

/** Decomposes each character and sorts marks by their combining class, those of one class in the order they came. */
function decompose(text: string, form: 'NFD' | 'NFKD'): Step[] {
  const steps: Step[] = [];
  let pending: { readonly step: Step; readonly order: number }[] = [];
  const flush = () => {
    steps.push(...pending.toSorted((left, right) => left.order - right.order).map(({ step }) => step));
    pending = [];
  };
  for (const whole of text) {
    for (const [index, character] of decompositionOf(whole, form).entries()) {
      const step = { character, change: index === 0 ? 0 : 1 };
      const order = combiningClass(character.codePointAt(0)!);
      if (order === 0) {
        flush();
        steps.push(step);
      } else {
        pending.push({ step, order });
      }
    }
  }
  flush();
  return steps;
}

/** Composes a starter with the marks behind it that nothing blocks. */
function compose(steps: readonly Step[]): Step[] {
  const out: Step[] = [];
  let starter: Step | undefined;
  let marks: Step[] = [];
  let lastClass: number | undefined;
  const flush = () => {
    if (starter) out.push(starter);
    out.push(...marks);
    marks = [];
    lastClass = undefined;
  };
  for (const step of steps) {
    const order = combiningClass(step.character.codePointAt(0)!);
    if (!starter) {
      if (order === 0) starter = step;
      else out.push(step);
      continue;
    }
    const isBlocked = lastClass !== undefined && lastClass >= order;
    const joined = isBlocked ? undefined : composed(starter.character, step.character);
    if (joined !== undefined) {
      starter = { character: joined, change: starter.change + step.change - 1 };
    } else if (order === 0) {
      flush();
      starter = step;
    } else {
      marks.push(step);
      lastClass = order;
    }
  }
  flush();
  return out;
}

/** The primary composite of two characters. */
function composed(first: string, second: string): string | undefined {
  if (!isOld(first.codePointAt(0)!) || !isOld(second.codePointAt(0)!)) return undefined;
  const together = (first + second).normalize('NFC');
  return [...together].length === 1 && isOld(together.codePointAt(0)!) ? together : undefined;
}
