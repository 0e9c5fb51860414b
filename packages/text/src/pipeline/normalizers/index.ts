import { base64Decode } from '../../bytes/base64';
import { readCharsmap } from '../../sentencepiece/charsmap';
import type { Steps } from '../../tokenizer/steps';
import type { AlignedText } from '../aligned-text';
import { expected, field, isAbsent, type JsonPlace, readBoolean, readList, readString } from '../json-reader';
import { readPattern } from '../pattern';
import { bertNormalizer } from './bert';
import { lowercaseText } from './lowercase';
import { betweenCharacters, betweenClusters, byParts, type Normalizer, normalizeInSteps } from './normalizer';
import { precompiledNormalizer } from './precompiled';
import { prependNormalizer, replaceNormalizer } from './replace';
import { byteLevelNormalizer, nmtNormalizer, stripAccentsNormalizer, stripNormalizer } from './simple';
import { normalizeForm, type UnicodeForm } from './unicode-forms';

const form =
  (name: UnicodeForm): (() => Normalizer) =>
  () =>
    byParts((text) => normalizeForm(text, name), betweenClusters);

/** Normalizers by the `type` of the file. */
const normalizers: Readonly<Record<string, (place: JsonPlace) => Normalizer>> = {
  BertNormalizer(place) {
    const lowercase = readBoolean(field(place, 'lowercase'), true);
    const normalize = bertNormalizer({
      cleanText: readBoolean(field(place, 'clean_text'), true),
      handleChineseCharacters: readBoolean(field(place, 'handle_chinese_chars'), true),
      stripAccents: readBoolean(field(place, 'strip_accents'), lowercase),
      lowercase,
    });
    return byParts(normalize, betweenClusters);
  },
  NFC: form('NFC'),
  NFD: form('NFD'),
  NFKC: form('NFKC'),
  NFKD: form('NFKD'),
  Lowercase: () => byParts(lowercaseText, betweenCharacters),
  StripAccents: stripAccentsNormalizer,
  Strip: (place) => stripNormalizer(readBoolean(field(place, 'strip_left')), readBoolean(field(place, 'strip_right'))),
  Prepend: (place) => prependNormalizer(readString(field(place, 'prepend'))),
  Replace: (place) => replaceNormalizer(readPattern(field(place, 'pattern')), readString(field(place, 'content'))),
  Nmt: nmtNormalizer,
  ByteLevel: byteLevelNormalizer,
  Precompiled: readPrecompiled,
  Sequence(place) {
    const steps = readList(field(place, 'normalizers')).map(readNormalizer);
    function* inSteps(text: AlignedText): Steps<AlignedText> {
      let current = text;
      for (const step of steps) current = yield* normalizeInSteps(step, current);
      return current;
    }
    return Object.assign((text: AlignedText) => steps.reduce((current, step) => step(current), text), { inSteps });
  },
};

/**
 * @throws {ConfigError} An unknown type, or a field that is missing or wrong.
 */
export function readNormalizer(place: JsonPlace): Normalizer {
  const type = field(place, 'type');
  const name = readString(type);
  const read = Object.hasOwn(normalizers, name) ? normalizers[name] : undefined;
  if (!read) throw expected(type, `one of ${Object.keys(normalizers).join(', ')}`);
  return read(place);
}

function readPrecompiled(place: JsonPlace): Normalizer {
  const map = field(place, 'precompiled_charsmap');
  if (isAbsent(map)) return (text) => text;
  const bytes = base64Decode(readString(map));
  if (!bytes) throw expected(map, 'base64');
  const charsmap = readCharsmap(bytes, map.path);
  return charsmap ? byParts(precompiledNormalizer(charsmap), betweenClusters) : (text) => text;
}
