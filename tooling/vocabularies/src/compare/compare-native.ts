import type { TextEncoding, TextTokenizer } from '@tesserae/text';
import { type NativeEncoding, type NativeTokenizer, openNative } from './references';
import type { Comparison } from './report';
import { awkwardStrings, type ComparedAmount, edgeStrings, everyCodePoint, idLists, specialStrings } from './strings';
import type { OpenVocabulary } from './vocabularies';

const batch = 2000;

/** Compares with the native package: everything an encoding holds, pairs, and text of ids. */
export async function compareNative(
  { ours, json }: Extract<OpenVocabulary, { readonly kind: 'native' }>,
  amount: ComparedAmount,
  comparison: Comparison,
): Promise<void> {
  const theirs = openNative(json);
  const { added_tokens: added = [] } = JSON.parse(json) as {
    readonly added_tokens?: readonly { readonly content: string }[];
  };
  const contents = added.map(({ content }) => content);
  const { vocabularySize } = ours.info;

  const compareTexts = async (texts: readonly (string | readonly [string, string])[], addSpecialTokens: boolean) => {
    for (let from = 0; from < texts.length; from += batch) {
      const part = texts.slice(from, from + batch);
      const expected = await encodeAll(theirs, part, { addSpecialTokens });
      const ids = expected.map((one) => one.getIds());
      const decoded = await theirs.decodeBatch(ids, false);
      const skipped = await theirs.decodeBatch(ids, true);
      for (const [index, given] of part.entries()) {
        const text = typeof given === 'string' ? given : given.join('\u2016');
        comparison.string();
        compareEncoding(ours, given, expected[index]!, addSpecialTokens, comparison);
        comparison.equal('decoded', text, ours.decode(ids[index]!), decoded[index]);
        comparison.equal('decoded alone', text, ours.decode(ids[index]!, { skipSpecials: true }), skipped[index]);
        comparison.equal('pieces', text, ours.pieces(ids[index]!).join(''), decoded[index]);
      }
    }
  };

  const seeded = awkwardStrings(amount, contents.slice(0, 400));
  await compareTexts(['', ...seeded], true);
  await compareTexts(seeded.slice(0, seeded.length >> 2), false);
  await compareTexts(
    seeded.slice(0, seeded.length >> 3).map((text, index) => [text, seeded[seeded.length - 1 - index]!] as const),
    true,
  );
  await compareTexts(specialStrings(contents.slice(0, amount.whole === false ? 20 : 1200)), true);
  await compareTexts(edgeStrings(), false);
  const everyId = Array.from({ length: vocabularySize }, (_, id) => id).filter(
    (id) => ours.idToToken(id) !== undefined,
  );
  if (amount.whole !== false) {
    await compareTexts(everyCodePoint(), false);
    await compareTexts(await tokenTexts(ours, everyId), false);
  }
  const lists = idLists(amount.strings >> 3, amount.seed, vocabularySize);
  const singles = amount.whole === false ? everyId.slice(0, 600) : everyId;
  for (const ids of [singles.map((id) => [id]), lists]) await compareDecoded(ids);

  async function compareDecoded(ids: readonly (readonly number[])[]): Promise<void> {
    for (let from = 0; from < ids.length; from += batch) {
      const part = ids.slice(from, from + batch);
      for (const skipSpecials of [false, true]) {
        const expected = await theirs.decodeBatch(part, skipSpecials);
        for (const [index, list] of part.entries()) {
          const actual = ours.decode(list, { skipSpecials, unknownIds: 'skip' });
          comparison.equal(skipSpecials ? 'text alone' : 'text', list, actual, expected[index]);
          if (!skipSpecials) comparison.string();
        }
      }
    }
  }
}

/** The native package takes texts in batches, pairs only one by one. */
const encodeAll = (
  theirs: NativeTokenizer,
  texts: readonly (string | readonly [string, string])[],
  options: { readonly addSpecialTokens: boolean },
): Promise<readonly NativeEncoding[]> =>
  texts.every((text) => typeof text === 'string')
    ? theirs.encodeBatch(texts, options)
    : Promise.all(texts.map((text) => theirs.encode(text[0]!, text[1]!, options)));

/** What each token stands for, as text that is encoded again. */
const tokenTexts = async (ours: TextTokenizer, ids: readonly number[]): Promise<string[]> =>
  ids.map((id) => ours.decode([id]));

function compareEncoding(
  ours: TextTokenizer,
  given: string | readonly [string, string],
  expected: NativeEncoding,
  addSpecialTokens: boolean,
  comparison: Comparison,
): void {
  const [text, pair] = typeof given === 'string' ? [given] : given;
  const options = { addSpecialTokens, ...(pair !== undefined && { pair }) };
  const actual: TextEncoding = ours.encode(text, { ...options, offsets: 'codepoint' });
  const of = pair === undefined ? text : `${text}\u2016${pair}`;
  const ids = expected.getIds();
  comparison.equal('ids', of, actual.ids, ids);
  comparison.equal('ids at once', of, ours.encode(text, options).ids, ids);
  comparison.equal('offsets', of, actual.offsets!, expected.getOffsets().flat());
  comparison.equal('tokens', of, actual.tokens!, expected.getTokens());
  comparison.equal('words', of, actual.wordIds!, expected.getWordIds().map(orNone));
  comparison.equal('types', of, actual.typeIds!, expected.getTypeIds());
  comparison.equal('special', of, actual.specialTokensMask!, expected.getSpecialTokensMask());
  comparison.equal('sequences', of, actual.sequenceIds!, expected.getSequenceIds().map(orNone));
}

const orNone = (value: number | null | undefined): number => value ?? -1;
