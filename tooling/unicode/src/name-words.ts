import type { UnicodeData } from './data';
import { codePoints, type CodePointValues } from './runs';

/** Version of the names: that of the Python with which Qtok's tables were recorded. */
export const nameVersion = '14.0.0';

/** First words of names that Qtok takes for scripts. */
export const scriptWords: readonly string[] =
  `ADLAM ARABIC ARABIC-INDIC ARMENIAN BALINESE BAMUM BATAK BENGALI BLACK-LETTER BOPOMOFO BRAILLE BUGINESE CANADIAN CHAKMA
CHAM CHEROKEE CJK COPTIC CYRILLIC DESERET DEVANAGARI DINGBAT EGYPTIAN ETHIOPIC GEORGIAN GLAGOLITIC GOTHIC GREEK GUJARATI
GURMUKHI HALFWIDTH HANGUL HEBREW HIRAGANA INSCRIPTIONAL JAVANESE KAITHI KANGXI KANNADA KATAKANA KHMER LAO LATIN LEPCHA
LIMBU LISU MALAYALAM MANDAIC MEETEI MODI MONGOLIAN MYANMAR NKO OGHAM OL OLD ORIYA PHAGS-PA PHOENICIAN RUNIC SAMARITAN
SHAVIAN SINHALA SUNDANESE SYRIAC TAGALOG TAGBANWA TAI TAMIL TELUGU THAANA THAI TIBETAN TIFINAGH YI`.split(/\s/);

/** 0 for code points without a name, 1 for names that begin with another word, else 2 and the place of the word. */
export async function nameWords(data: UnicodeData): Promise<CodePointValues> {
  const values = new Uint8Array(codePoints);
  for (const [codePoint, name] of await data.namesOf(nameVersion)) {
    // Of these the data package gives the name of their range in the Unicode data, which is none; Python has none of
    // Tangut ideographs either.
    if (/^<|Private Use|Surrogate$|^Tangut Ideograph/.test(name)) continue;
    // -1, no such word, becomes 1.
    values[codePoint] = 2 + scriptWords.indexOf(name.split(' ')[0]!.toUpperCase());
  }
  return values;
}
