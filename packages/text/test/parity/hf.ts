import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { recoverMerges } from '../../src/bpe/byte-vocabulary';
import { readTiktokenFile } from '../../src/bpe/tiktoken-file';
import { bytesOfToken, idCount } from '../../src/bpe/token-bytes';
import { writeByteCharacters } from '../../src/bytes/byte-alphabet';
import { utf8Decode } from '../../src/bytes/utf8';
import { wellFormed } from '../../src/pipeline/pipeline';
import { fromTokenizerJson } from '../../src/pipeline/tokenizer-json';
import type { TextTokenizer } from '../../src/tokenizer/text-tokenizer';
import { compareEncoding } from './component-encodings';
import { sharedStrings } from './strings';
import { needsPackage, vocabularyFile } from './vocabulary-package';

interface Entry {
  readonly ids: readonly number[];
  readonly off: readonly number[];
  readonly decoded?: string;
  readonly decodedSkip?: string;
}

interface Template {
  readonly i: number;
  readonly pair?: number;
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
  readonly specialMask: readonly number[];
  readonly words: readonly (number | null)[];
  readonly tokens?: readonly string[];
  readonly off?: readonly number[];
  readonly seq?: readonly (number | null)[];
}

export const runHf: ParityRunner = async (test, report) => {
  const file = await tokenizerFile(test);
  if (typeof file === 'string') return report.skip(needsPackage(file));
  const tokenizer = fromTokenizerJson(file, { name: test.name });
  const strings = await sharedStrings(test);
  const expected = (await test.json('ids.json')) as unknown as Readonly<Record<'awkward' | 'prose', readonly Entry[]>>;
  for (const list of ['awkward', 'prose'] as const) {
    for (const [index, text] of strings[list].entries()) {
      compareText(`${list} ${index}`, tokenizer, text, expected[list][index]!, report);
    }
  }
  const templates = (await test.json('templates.json')) as unknown as Readonly<
    Record<'single' | 'pair', readonly Template[]>
  >;
  for (const [index, one] of [...templates.single, ...templates.pair].entries()) {
    const pair = one.pair === undefined ? {} : { pair: strings.awkward[one.pair]! };
    const actual = tokenizer.encode(strings.awkward[one.i]!, { offsets: 'codepoint', ...pair });
    compareEncoding(`template ${index}`, actual, { ...one, special: one.specialMask }, report);
  }
};

function compareText(
  label: string,
  tokenizer: TextTokenizer,
  text: string,
  expected: Entry,
  report: ParityReport,
): void {
  const { ids, offsets } = tokenizer.encode(text, { addSpecialTokens: false, offsets: 'codepoint' });
  report.equal(`${label} ids`, [...ids], expected.ids);
  report.equal(`${label} offsets`, [...offsets!], expected.off);
  report.equal(`${label} ids alone`, [...tokenizer.encode(text, { addSpecialTokens: false }).ids], expected.ids);
  report.equal(
    `${label} count`,
    tokenizer.count(text),
    tokenizer.encode(text, { addSpecialTokens: false, specials: 'ordinary' }).ids.length,
  );
  const decoded = expected.decoded ?? wellFormed(text);
  report.equal(`${label} decoded`, tokenizer.decode(ids), decoded);
  report.equal(`${label} pieces`, tokenizer.pieces(ids).join(''), decoded);
  report.equal(
    `${label} decoded without specials`,
    tokenizer.decode(ids, { skipSpecials: true }),
    expected.decodedSkip ?? decoded,
  );
}

/** The tokenizer.json of a case, or the package that is missing. */
async function tokenizerFile(test: ParityCase): Promise<Uint8Array | object | string> {
  const vocabulary = String(test.facts['vocabulary']);
  if (vocabulary.startsWith('tokenizer.json')) return test.bytes('tokenizer.json');
  const [, name, version, rest] = /^npm (\S+) ([\d.]+),?\s*(.*)$/.exec(vocabulary)!;
  if (rest === 'models/tokenizer.json') return vocabularyFile(name!, version!, rest) ?? name!;
  const frame = (await test.json('tokenizer-frame.json')) as unknown as { readonly model: object };
  const isRanks = rest!.startsWith('encoding');
  const file = isRanks
    ? vocabularyFile('gpt-tokenizer', '4.0.0', 'data/r50k_base.tiktoken')
    : vocabularyFile(name!, version!, rest!);
  if (!file) return isRanks ? 'gpt-tokenizer' : name!;
  const filled = isRanks
    ? modelOfRanks(file)
    : { vocab: vocabularyOf(JSON.parse(utf8Decode(file)) as readonly string[]) };
  return { ...frame, model: { ...frame.model, ...filled } };
}

/** Pieces and their places. */
const vocabularyOf = (pieces: readonly string[]): object => Object.fromEntries(pieces.map((piece, id) => [piece, id]));

/** Tokens in the byte alphabet with their ranks as ids, and the merges that made them. */
function modelOfRanks(file: Uint8Array): { readonly vocab: object; readonly merges: readonly (readonly string[])[] } {
  const { tokens, pairs } = recoverMerges(readTiktokenFile(file, 'ranks'), 'ranks');
  const texts = Array.from({ length: idCount(tokens) }, (_, id) => writeByteCharacters(bytesOfToken(tokens, id)));
  const merges: (readonly string[])[] = [];
  for (let at = 0; at < pairs.slots.length; at += 4) {
    const [left, right, rank] = pairs.slots.subarray(at, at + 3) as unknown as [number, number, number];
    if (left >= 0) merges[rank] = [texts[left]!, texts[right]!];
  }
  return { vocab: Object.fromEntries(texts.map((text, id) => [text, id])), merges: merges.filter(Boolean) };
}
