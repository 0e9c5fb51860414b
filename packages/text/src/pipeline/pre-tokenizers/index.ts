import { wordClass } from '../../regex/word';
import { whiteSpaceClass } from '../../tables/white-space';
import {
  expected,
  field,
  isAbsent,
  type JsonPlace,
  readBoolean,
  readCharacter,
  readChoice,
  readCount,
  readList,
  readString,
} from '../json-reader';
import { readPattern } from '../pattern';
import { byteLevelPreTokenizer } from './byte-level';
import { fixedLengthPreTokenizer } from './fixed-length';
import { metaspacePreTokenizer, prependSchemes } from './metaspace';
import { inTurn, type PreTokenizer, wholeText } from './pre-tokenizer';
import { bertPreTokenizer, numberPattern, punctuationPattern, whiteSpacePattern } from './punctuation';
import { type SplitBehavior, splitBehaviors, splitPreTokenizer } from './split';
import { unicodeScriptsPreTokenizer } from './unicode-scripts';

/** Pre-tokenizers by the `type` of the file. */
const preTokenizers: Readonly<Record<string, (place: JsonPlace) => PreTokenizer>> = {
  BertPreTokenizer: bertPreTokenizer,
  ByteLevel: (place) =>
    byteLevelPreTokenizer(readBoolean(field(place, 'add_prefix_space')), readBoolean(field(place, 'use_regex'), true)),
  CharDelimiterSplit(place) {
    return splitPreTokenizer({ kind: 'text', text: readCharacter(field(place, 'delimiter')) }, 'Removed');
  },
  Metaspace: readMetaspace,
  Whitespace() {
    const word = wordClass();
    const regex = new RegExp(`[${word}]+|[^${word}${whiteSpaceClass}]+`, 'gu');
    return splitPreTokenizer({ kind: 'regex', regex }, 'Removed', true);
  },
  WhitespaceSplit: () => splitPreTokenizer(whiteSpacePattern, 'Removed'),
  Punctuation: (place) => splitPreTokenizer(punctuationPattern(), readBehavior(place, 'Isolated')),
  Digits(place) {
    const individual = readBoolean(field(place, 'individual_digits'));
    return splitPreTokenizer(numberPattern(), individual ? 'Isolated' : 'Contiguous');
  },
  UnicodeScripts: unicodeScriptsPreTokenizer,
  FixedLength(place) {
    const length = field(place, 'length');
    if (readCount(length, 5) === 0) throw expected(length, 'a length from 1');
    return fixedLengthPreTokenizer(readCount(length, 5));
  },
  Split(place) {
    const pattern = readPattern(field(place, 'pattern'));
    return splitPreTokenizer(pattern, readBehavior(place), readBoolean(field(place, 'invert'), false));
  },
  Sequence(place) {
    return readList(field(place, 'pretokenizers')).map(readPreTokenizer).reduce(inTurn, wholeText);
  },
};

/**
 * @throws {ConfigError} An unknown type, or a field that is missing or wrong.
 * @throws {UnsupportedError} A regular expression that has no counterpart.
 */
export function readPreTokenizer(place: JsonPlace): PreTokenizer {
  const type = field(place, 'type');
  const name = readString(type);
  const read = Object.hasOwn(preTokenizers, name) ? preTokenizers[name] : undefined;
  if (!read) throw expected(type, `one of ${Object.keys(preTokenizers).join(', ')}`);
  return read(place);
}

/** The file writes behaviors in snake case or in the names of the library. */
function readBehavior(place: JsonPlace, fallback?: SplitBehavior): SplitBehavior {
  const behavior = field(place, 'behavior');
  const isSnake =
    typeof behavior.value === 'string' && behavior.value !== '' && behavior.value.toLowerCase() === behavior.value;
  if (!isSnake) return readChoice(behavior, splitBehaviors, fallback);
  const camel = (behavior.value as string).replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return readChoice({ ...behavior, value: camel }, splitBehaviors);
}

function readMetaspace(place: JsonPlace): PreTokenizer {
  const replacement = readCharacter(field(place, 'replacement'), '▁');
  const scheme = field(place, 'prepend_scheme');
  const addPrefixSpace = field(place, 'add_prefix_space');
  // Old files have only add_prefix_space; with false it overrules a scheme.
  const isOff = !isAbsent(addPrefixSpace) && !readBoolean(addPrefixSpace);
  const prependScheme = readChoice(scheme, prependSchemes, isOff ? 'never' : 'always');
  if (isOff && prependScheme !== 'never') throw expected(scheme, '"never", since add_prefix_space is false');
  return metaspacePreTokenizer({ replacement, prependScheme, split: readBoolean(field(place, 'split'), true) });
}
