import { InputError, type RandomSource } from '@tesserae/core/data';

export interface HyphenTaskOptions {
  /** How often the letter behind a hyphen takes the case of the one in front of it. 0..1, default 0.9. */
  readonly caseProbability?: number;
  /** Needed unless the probability is 0 or 1. */
  readonly random?: RandomSource;
}

/** What a model reads and what it is to write. */
export interface HyphenTask {
  /** Without hyphens: `sanfrancisco`. */
  readonly input: string;
  /** With them, the case as in the input. */
  readonly target: string;
}

/**
 * A task for learning to split words without labels, from a word that people write with hyphens (stage 1 of
 * CompoundPiece, arXiv 2305.14214, section 3.1; `corrupt_text` of the official code).
 *
 * @throws {InputError} A hyphen at an end, a probability out of range, or no random numbers where they are needed.
 */
export function hyphenTask(word: string, options: HyphenTaskOptions = {}): HyphenTask {
  const { caseProbability = 0.9, random } = options;
  if (!(caseProbability >= 0 && caseProbability <= 1)) {
    throw new InputError('caseProbability', '0..1', String(caseProbability));
  }
  if (caseProbability > 0 && caseProbability < 1 && !random) {
    throw new InputError('random', 'a source of random numbers', 'none');
  }
  const characters = [...word];
  let [input, target] = ['', ''];
  for (let place = 0; place < characters.length; place += 1) {
    const character = characters[place]!;
    if (character !== '-') {
      input += character;
      target += character;
      continue;
    }
    const [before, after] = [characters[place - 1], characters[place + 1]];
    if (before === undefined || after === undefined) throw new InputError('word', 'hyphens inside only', word);
    const isAdapted = caseProbability === 1 || (caseProbability > 0 && random!.uniform(1)[0]! < caseProbability);
    const next = isAdapted ? withCaseOf(after, before) : after;
    input += next;
    target += `-${next}`;
    place += 1;
  }
  return { input, target };
}

function withCaseOf(character: string, model: string): string {
  if (isLower(model) && isUpper(character)) return character.toLowerCase();
  return isUpper(model) && isLower(character) ? character.toUpperCase() : character;
}

/** Also true of what has no case. */
const isLower = (character: string): boolean => character.toLowerCase() === character;
const isUpper = (character: string): boolean => character.toUpperCase() === character;
