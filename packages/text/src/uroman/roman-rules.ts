/** One way to write a piece of text in Latin letters, and where it holds. */
export interface RomanRule {
  /** Undefined for sources that only have a number or a role in numbers. */
  readonly target: string | undefined;
  /** Other romanizations, for the formats with alternatives. */
  readonly alternatives: readonly string[];
  /** What is written instead at the end of a syllable. */
  readonly syllableEnd: string | undefined;
  /** ISO 639-3 codes of the languages it is for; none: for all. */
  readonly languages: readonly string[];
  readonly onlyAtWordStart: boolean;
  readonly notAtWordStart: boolean;
  readonly onlyAtWordEnd: boolean;
  readonly notAtWordEnd: boolean;
  readonly onlyWholeWord: boolean;
  /** Number of conditions: of the rules that hold, the one with most conditions is taken. */
  readonly restrictions: number;
}

/** Rules of all sources, and the beginnings of sources. */
export interface RomanRules {
  /** In the order of the official tables; none where nothing is known. */
  of(source: string): readonly RomanRule[];
  /** Whether a source begins with this text or is it. */
  isPrefix(text: string): boolean;
}

const noRules: readonly RomanRule[] = [];

/** `target|places|languages|alternatives|=end of a syllable`, of which all but the target may be missing. */
export function readRule(text: string): RomanRule {
  const [target = '', places = '', languageList = '', alternatives = '', syllableEnd = ''] = text.split('|');
  const languages = languageList === '' ? [] : languageList.split(',');
  const isRestricted = (sign: string): boolean => places.includes(sign);
  return {
    target: isRestricted('n') ? undefined : target,
    alternatives: alternatives.split(',').slice(1),
    syllableEnd: syllableEnd === '' ? undefined : syllableEnd.slice(1),
    languages,
    onlyAtWordStart: isRestricted('s'),
    notAtWordStart: isRestricted('S'),
    onlyAtWordEnd: isRestricted('e'),
    notAtWordEnd: isRestricted('E'),
    onlyWholeWord: isRestricted('w'),
    restrictions: places.replace('n', '').length + (languages.length > 0 ? 1 : 0),
  };
}

// Every sign of printable ASCII from # on, but those that strings escape.
const codeSigns = Array.from({ length: 0x7f - 0x23 }, (_, index) => String.fromCharCode(index + 0x23)).filter(
  (sign) => !"'\\`".includes(sign),
);

interface PackedRules {
  readonly targets: string;
  readonly plain: string;
  readonly rules: string;
}

/** Reads the packed rules, and adds those of Thai letters that a mark silences. */
export function readRules(data: PackedRules): RomanRules {
  const rules = new Map<string, readonly RomanRule[]>();
  const ofTarget = data.targets.split('\t').map((target) => [readRule(target)]);
  const digits = new Map(codeSigns.map((sign, index) => [sign, index]));
  let codePoint = 0;
  for (const block of data.plain.split(' ')) {
    const separator = block.indexOf('!');
    codePoint += Number.parseInt(block.slice(0, separator), 36);
    for (let at = separator + 1; at < block.length; at += 2) {
      const index = digits.get(block[at]!)! * codeSigns.length + digits.get(block[at + 1]!)!;
      rules.set(String.fromCodePoint(codePoint), ofTarget[index]!);
      codePoint += 1;
    }
    codePoint -= 1;
  }
  for (const line of data.rules.split('\n')) {
    const [source, ...texts] = line.split('\t');
    rules.set(source!, texts.map(readRule));
  }
  const silent = [readRule('')];
  for (const source of silencedThai()) if (!rules.has(source)) rules.set(source, silent);
  const prefixes = new Set<string>();
  for (const source of rules.keys()) {
    if (source === String.fromCodePoint(source.codePointAt(0) ?? 0)) continue;
    let prefix = '';
    for (const character of source) prefixes.add((prefix += character));
  }
  return { of: (source) => rules.get(source) ?? noRules, isPrefix: (text) => rules.has(text) || prefixes.has(text) };
}

/** A Thai letter, or a consonant and its vowel, under the mark that makes them silent. */
function* silencedThai(): Generator<string> {
  const mark = '\u0e4c';
  const vowels = [0x0e31, 0x0e47, 0x0e33, 0x0e34, 0x0e35, 0x0e36, 0x0e37, 0x0e38, 0x0e39, 0x0e3a];
  for (let letter = 0x0e01; letter < 0x0e4c; letter += 1) yield String.fromCodePoint(letter) + mark;
  for (let consonant = 0x0e01; consonant < 0x0e2f; consonant += 1) {
    for (const vowel of vowels) yield String.fromCodePoint(consonant, vowel) + mark;
  }
}
