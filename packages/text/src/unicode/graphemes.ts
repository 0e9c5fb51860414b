import { decodeRuns } from '../tables/decode-runs';
import { graphemeBreaks17 } from '../tables/grapheme-data';

/** Break classes in the order of the table. */
const cr = 1;
const lf = 2;
const control = 3;
const extend = 4;
const joiner = 5;
const regional = 6;
const prepend = 7;
const spacing = 8;
const leading = 9;
const vowel = 10;
const trailing = 11;
const leadingVowel = 12;
const leadingVowelTrailing = 13;

/** Extends a cluster, but no conjunct. */
const nonJoiner = 0x200c;

const pictographBit = 16;
const consonantBit = 32;
const linkerBit = 64;

let table: Uint8Array | undefined;

/** Extended grapheme clusters of a text (UAX 29, Unicode 17.0, as the Hugging Face library has them). */
export function* graphemes(text: string): Generator<string> {
  table ??= decodeRuns(graphemeBreaks17);
  let start = 0;
  let before = -1;
  /** Regional indicators in a row, up to here. */
  let flags = 0;
  /** A pictograph and only extenders since; 2 with a joiner at the end. */
  let emoji = 0;
  /** A consonant and only extenders since; 2 with a linker among them. */
  let conjunct = 0;
  for (let at = 0; at < text.length;) {
    const codePoint = text.codePointAt(at)!;
    const entry = table[codePoint]!;
    const kind = entry & 15;
    const joins =
      before >= 0 &&
      (isJoined(before, kind) ||
        (before === regional && kind === regional && flags % 2 === 1) ||
        (emoji === 2 && (entry & pictographBit) !== 0) ||
        (conjunct === 2 && (entry & consonantBit) !== 0));
    if (before >= 0 && !joins) {
      yield text.slice(start, at);
      start = at;
    }
    flags = kind === regional ? (joins || before !== regional ? flags + 1 : 1) : 0;
    if ((entry & pictographBit) !== 0) emoji = 1;
    else if (emoji === 1 && kind === joiner) emoji = 2;
    else if (!(emoji === 1 && kind === extend)) emoji = 0;
    if ((entry & consonantBit) !== 0) conjunct = 1;
    else if (conjunct > 0 && (entry & linkerBit) !== 0) conjunct = 2;
    else if (!(conjunct > 0 && codePoint !== nonJoiner && (kind === extend || kind === joiner))) conjunct = 0;
    before = kind;
    at += codePoint > 0xffff ? 2 : 1;
  }
  if (start < text.length) yield text.slice(start);
}

/** True for characters that are never the end of a cluster (`Prepend`). */
export function isPrepended(codePoint: number): boolean {
  table ??= decodeRuns(graphemeBreaks17);
  return (table[codePoint]! & 15) === prepend;
}

/** Rules GB3 to GB9b, which look at two characters only. */
function isJoined(before: number, kind: number): boolean {
  if (before === cr) return kind === lf;
  if (before === lf || before === control || kind === cr || kind === lf || kind === control) return false;
  if (kind === extend || kind === joiner || kind === spacing || before === prepend) return true;
  if (before === leading)
    return kind === leading || kind === vowel || kind === leadingVowel || kind === leadingVowelTrailing;
  if (before === leadingVowel || before === vowel) return kind === vowel || kind === trailing;
  return (before === leadingVowelTrailing || before === trailing) && kind === trailing;
}
