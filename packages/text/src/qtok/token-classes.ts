import { byteOfUnit } from '../bytes/byte-alphabet';
import { codePointsOf } from '../edit-distance/edit-distance';
import { decodeRuns } from '../tables/decode-runs';
import { nameWordNames, nameWords14 } from '../tables/name-word-data';
import { scriptNames, scriptsOf } from '../tables/scripts';

/** Kinds of tokens, in the order of Qtok's tables. */
export const tokenKinds = [
  'control-tokens',
  'pure-unicode',
  'char-alpha',
  'spaced-alpha',
  'inner-alpha',
  'char-other',
  'spaced-other',
  'inner-other',
  'unicode-flanks',
  'char-errors',
  'spaced-errors',
  'inner-errors',
] as const;

/**
 * What a token is: `control-tokens` look like `<…>` or `[…]`, `pure-unicode` are single characters of GPT-2's byte
 * alphabet, `unicode-flanks` are broken characters; all others are one character (`char`), begin with a space (`spaced`) or do
 * not (`inner`), and are of one script (`alpha`), of several or none (`other`), or hold characters without a name (`errors`).
 */
export type TokenKind = (typeof tokenKinds)[number];

export interface TokenClass {
  readonly kind: TokenKind;
  /** Of the `alpha` kinds: `LATIN`, or `Latin` by the property. */
  readonly script?: string;
}

/**
 * How scripts are told: by the first words of the names of characters in Unicode 14.0, as the official code does, or by
 * the Script property of Unicode 16.0.
 */
export type ScriptRule = 'names' | 'property';

/** Tags that count as text: Qtok takes them for HTML. */
const tags = new Set('br h1 h2 h3 h4 h5 h6 b img li tr td p th u em'.split(' '));

/**
 * Class of a token by its text (`get_classification` of Qtok, arXiv 2410.12989).
 *
 * @param text - As `readQtokVocabulary` gives it. Empty text is `inner-other`.
 */
export function classifyToken(text: string, rule: ScriptRule = 'names'): TokenClass {
  const codePoints = codePointsOf(text);
  if (codePoints.length === 1) {
    if ((byteOfUnit[codePoints[0]!] ?? -1) >= 0) return { kind: 'pure-unicode' };
    return classOfScripts('char', codePoints, codePoints, rule);
  }
  if (text.startsWith(' ')) return classOfScripts('spaced', codePoints, codePoints.slice(1), rule);
  const isControl =
    (text.startsWith('<') && text.endsWith('>') && !text.includes('<0y')) ||
    (text.startsWith('[') && text.endsWith(']'));
  if (isControl && !tags.has(text.slice(1, -1).toLowerCase().replaceAll('/', ''))) return { kind: 'control-tokens' };
  if (text.startsWith('<0y')) return { kind: 'unicode-flanks' };
  return classOfScripts('inner', codePoints, codePoints, rule);
}

function classOfScripts(
  place: 'char' | 'spaced' | 'inner',
  all: readonly number[],
  own: readonly number[],
  rule: ScriptRule,
): TokenClass {
  const { isUnnamed, scriptOf } = rules[rule]();
  if (all.some(isUnnamed)) return { kind: `${place}-errors` };
  const script = own.length > 0 ? scriptOf(own[0]!) : undefined;
  if (script === undefined || own.some((codePoint) => scriptOf(codePoint) !== script))
    return { kind: `${place}-other` };
  return { kind: `${place}-alpha`, script };
}

interface ScriptTest {
  readonly isUnnamed: (codePoint: number) => boolean;
  readonly scriptOf: (codePoint: number) => string | undefined;
}

let byNames: ScriptTest | undefined;
let byProperty: ScriptTest | undefined;

const rules: Readonly<Record<ScriptRule, () => ScriptTest>> = {
  names() {
    if (byNames) return byNames;
    const words = nameWordNames.split(' ');
    const table = decodeRuns(nameWords14);
    byNames = {
      isUnnamed: (codePoint) => table[codePoint] === 0,
      scriptOf: (codePoint) => words[table[codePoint]! - 2],
    };
    return byNames;
  },
  property() {
    if (byProperty) return byProperty;
    const table = scriptsOf(16);
    const none = new Set(['Unknown', 'Common', 'Inherited'].map((name) => scriptNames.indexOf(name)));
    byProperty = {
      isUnnamed: (codePoint) => table[codePoint] === 0,
      scriptOf: (codePoint) => (none.has(table[codePoint]!) ? undefined : scriptNames[table[codePoint]!]),
    };
    return byProperty;
  },
};
