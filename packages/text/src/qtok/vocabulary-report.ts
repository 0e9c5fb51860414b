import { InputError } from '@tesserae/core/data';
import { classifyToken, type ScriptRule, type TokenKind, tokenKinds } from './token-classes';

/** Share of a script or language in the tokens of each vocabulary. */
export interface ShareRow {
  /** `LATIN (spaced)`, a language, or `Other` for all that are rare everywhere. */
  readonly name: string;
  /** Percent, two decimals, one a vocabulary. */
  readonly shares: readonly number[];
}

/** What kinds of tokens vocabularies have. */
export interface VocabularyReport {
  /** Names of the columns: all vocabularies together first. */
  readonly vocabularies: readonly string[];
  /** Tokens of each kind, one number a column. */
  readonly counts: Readonly<Record<TokenKind, readonly number[]>>;
  /** The same in percent, two decimals. */
  readonly percent: Readonly<Record<TokenKind, readonly number[]>>;
  /** Scripts among the `alpha` tokens, the most frequent first; 1 % or less everywhere is `Other`. */
  readonly scripts: readonly ShareRow[];
  /** Natural languages, where they are given; 0.5 % or less everywhere is `Other`. */
  readonly languages?: readonly ShareRow[];
  /** `alpha` tokens of several characters that no language knows. */
  readonly unseen?: readonly string[];
}

export interface VocabularyReportOptions {
  /** Name of the column for all vocabularies together. Default `all`. */
  readonly together?: string;
  /** Default `names`, the official way. */
  readonly scripts?: ScriptRule;
  /** Languages that tokens are attested in, see `attestedLanguages`; tokens of several are shared equally. */
  readonly languages?: ReadonlyMap<string, readonly string[]>;
}

/**
 * The tables of Qtok (arXiv 2410.12989): how many tokens are words, parts of words, control tokens, broken characters, of
 * which scripts and languages.
 *
 * @param vocabularies - Texts of tokens by name of the vocabulary; `readQtokVocabulary` gives them.
 * @throws {InputError} No vocabulary, or one with the name of the column for all.
 */
export function vocabularyReport(
  vocabularies: Readonly<Record<string, Pick<ReadonlyMap<string, number>, 'keys'>>>,
  options: VocabularyReportOptions = {},
): VocabularyReport {
  const { together = 'all', scripts: rule = 'names', languages } = options;
  const names = Object.keys(vocabularies);
  if (names.length === 0) throw new InputError('vocabularies', 'at least one', 'none');
  if (names.includes(together)) throw new InputError('vocabularies', `another name than ${together}`, together);
  const tokens = names.map((name) => [...vocabularies[name]!.keys()]);
  const union = [...new Set(tokens.flat())];
  const classes = new Map(union.map((token) => [token, classifyToken(token, rule)]));
  const columns = [union, ...tokens];
  const kinds = columns.map((list) => countKinds(list, classes));
  const counts = kindTable((kind) => kinds.map((tallied) => tallied[kind]));
  const scripts = columns.map((list) =>
    tally(list, (token) => {
      const { kind, script } = classes.get(token)!;
      return script === undefined ? [] : [`${script} (${kind.split('-')[0]})`];
    }),
  );
  const report = {
    vocabularies: [together, ...names],
    counts,
    percent: kindTable((kind) => counts[kind].map((number, column) => percentOf(number, columns[column]!.length))),
    scripts: shareRows(scripts, 1),
  };
  if (!languages) return report;
  const isWord = (token: string) => classes.get(token)!.script !== undefined && [...token].length > 1;
  const spoken = columns.map((list) => tally(list.filter(isWord), (token) => languages.get(token) ?? []));
  return {
    ...report,
    languages: shareRows(spoken, 0.5),
    unseen: union.filter((token) => isWord(token) && !languages.has(token)),
  };
}

const kindTable = <Value>(valueOf: (kind: TokenKind) => Value): Record<TokenKind, Value> =>
  Object.fromEntries(tokenKinds.map((kind) => [kind, valueOf(kind)])) as Record<TokenKind, Value>;

function countKinds(
  tokens: readonly string[],
  classes: ReadonlyMap<string, { readonly kind: TokenKind }>,
): Record<TokenKind, number> {
  const counts = kindTable(() => 0);
  for (const token of tokens) counts[classes.get(token)!.kind] += 1;
  return counts;
}

interface Tally {
  readonly parts: ReadonlyMap<string, number>;
  /** Of names, not of tokens: a token of three languages counts three, as in the official code. */
  readonly total: number;
}

function tally(tokens: readonly string[], namesOf: (token: string) => readonly string[]): Tally {
  const parts = new Map<string, number>();
  let total = 0;
  for (const token of tokens) {
    const names = namesOf(token);
    for (const name of names) parts.set(name, (parts.get(name) ?? 0) + 1 / names.length);
    total += names.length;
  }
  return { parts, total };
}

function shareRows(columns: readonly Tally[], rare: number): ShareRow[] {
  const names = new Set(columns.flatMap(({ parts }) => [...parts.keys()]));
  const rows = [...names].map((name) => ({
    name,
    shares: columns.map(({ parts, total }) => percentOf(parts.get(name) ?? 0, total)),
  }));
  const isRare = ({ shares }: ShareRow) => shares.every((share) => share <= rare);
  const common = rows
    .filter((row) => !isRare(row))
    .toSorted((a, b) => b.shares[0]! - a.shares[0]! || (a.name < b.name ? -1 : 1));
  const other = columns.map((_, column) =>
    roundToHundredths(rows.filter(isRare).reduce((sum, { shares }) => sum + shares[column]!, 0)),
  );
  return other.some((share) => share > 0) ? [...common, { name: 'Other', shares: other }] : common;
}

const percentOf = (part: number, whole: number): number => (whole > 0 ? roundToHundredths((100 * part) / whole) : 0);

/** Two decimals, as Python rounds: halves, which are eighths here, to the even digit. */
function roundToHundredths(value: number): number {
  const isHalf = Math.abs(value * 8) % 2 === 1;
  if (!isHalf) return Number(value.toFixed(2));
  const below = Math.floor(value * 100);
  return (below % 2 === 0 ? below : below + 1) / 100;
}
