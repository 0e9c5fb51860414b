import type { ParityRunner } from '@tesserae/core/test';
import { mapTokens, parseWordAlignments, type TranslationVocabulary } from '../../src/transtokenizer/map-tokens';
import { smoothMapping } from '../../src/transtokenizer/smooth-mapping';
import { near } from './near';

type Specials = Readonly<Record<`${'unk' | 'bos' | 'eos' | 'pad' | 'cls' | 'sep' | 'mask'}_token`, string | null>>;

interface InputFile {
  readonly oldVocab: readonly string[];
  readonly newVocab: readonly string[];
  readonly oldSpecials: Specials;
  readonly newSpecials: Specials;
  readonly alignments: readonly string[];
}

interface ExpectedFile {
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly mapping: readonly (readonly [token: string, parts: readonly (readonly [string, number])[]])[];
}

export const runTranstokenizer: ParityRunner = async (test, report) => {
  const input = (await test.json('input.json')) as unknown as InputFile;
  const expected = (await test.json('expected.json')) as unknown as ExpectedFile;
  const old = vocabularyOf(input.oldVocab, input.oldSpecials);
  const latest = vocabularyOf(input.newVocab, input.newSpecials);
  const counts = mapTokens(old, latest, parseWordAlignments(input.alignments.join('\n')));
  const actual = Array.from(counts, ([token, row]) => [token, Object.fromEntries(row)]);
  report.equal('counts', sorted(Object.fromEntries(actual)), sorted(expected.counts));
  const mapping = smoothMapping(input.newVocab, counts, { unknownToken: input.oldSpecials.unk_token! });
  report.equal(
    'tokens',
    mapping.map(({ token }) => token),
    expected.mapping.map(([token]) => token),
  );
  for (const [index, [token, parts]] of expected.mapping.entries()) {
    const [actual, wanted] = [byToken(mapping[index]!.parts), byToken(parts)];
    report.equal(`mixture of ${token}`, [...actual.keys()], [...wanted.keys()]);
    for (const [part, weight] of wanted) near(report, `${part} in ${token}`, actual.get(part) ?? 0, weight, 1e-8);
  }
};

/** Parts in the order of their tokens: those of equal weight may come in any order. */
const byToken = (parts: readonly (readonly [string, number])[]) =>
  new Map(parts.toSorted(([a], [b]) => (a < b ? -1 : 1)));

function sorted(counts: ExpectedFile['counts']) {
  const byKey = <T>(record: Readonly<Record<string, T>>) =>
    Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return byKey(counts).map(([token, row]) => [token, byKey(row)]);
}

/** Greedy longest match after spaces became U+2581, one of which is put in front. */
function vocabularyOf(tokens: readonly string[], specials: Specials): TranslationVocabulary {
  const known = new Set(tokens);
  const names = {
    unknown: specials.unk_token,
    begin: specials.bos_token,
    end: specials.eos_token,
    padding: specials.pad_token,
    classifier: specials.cls_token,
    separator: specials.sep_token,
    mask: specials.mask_token,
  };
  const given = Object.fromEntries(Object.entries(names).filter(([, token]) => token !== null));
  const tokenize = (text: string): string[] => {
    const marked = text.replaceAll(' ', '\u2581');
    const characters = [...(marked.startsWith('\u2581') ? marked : `\u2581${marked}`)];
    const found: string[] = [];
    for (let at = 0; at < characters.length;) {
      let end = characters.length;
      while (end > at && !known.has(characters.slice(at, end).join(''))) end -= 1;
      found.push(end > at ? characters.slice(at, end).join('') : specials.unk_token!);
      at = Math.max(end, at + 1);
    }
    return found;
  };
  return { tokens, tokenize, specials: given };
}
