import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { base64Decode } from '../../src/bytes/base64';
import { type AlignedText, alignText, originalRange } from '../../src/pipeline/aligned-text';
import { readDecoder } from '../../src/pipeline/decoders';
import { jsonPlace } from '../../src/pipeline/json-reader';
import { readNormalizer } from '../../src/pipeline/normalizers';
import { wellFormed } from '../../src/pipeline/pipeline';
import { readPreTokenizer } from '../../src/pipeline/pre-tokenizers';
import { fromTokenizerJson } from '../../src/pipeline/tokenizer-json';
import { runPostProcessors, runTruncationPadding } from './component-encodings';

const runs: Readonly<Record<string, ParityRunner>> = {
  'added-tokens': runAddedTokens,
  decoders: runDecoders,
  models: runModels,
  normalizers: runNormalizers,
  'post-processors': runPostProcessors,
  'pre-tokenizers': runPreTokenizers,
  'truncation-padding': runTruncationPadding,
};

export const runComponents: ParityRunner = async (test, report) => {
  const run = runs[test.name];
  if (!run) throw new Error(`no runner for components/${test.name}`);
  await run(test, report);
};

async function read<T>(test: ParityCase, file: string): Promise<T> {
  return (await test.json(file)) as unknown as T;
}

async function runNormalizers(test: ParityCase, report: ParityReport): Promise<void> {
  interface File {
    readonly inputs: readonly string[];
    readonly results: readonly {
      readonly name: string;
      readonly normalizer: Readonly<Record<string, unknown>>;
      readonly out: readonly (string | 0)[];
      readonly off: readonly (readonly number[])[];
    }[];
  }
  const { inputs, results } = await read<File>(test, 'cases.json');
  const charsmaps = await read<Readonly<Record<string, string>>>(test, 'charsmaps.json');
  for (const { name, normalizer: given, out, off } of results) {
    const normalizer = readNormalizer(jsonPlace(withCharsmap(given, charsmaps), `${name}: `));
    for (const [index, input] of inputs.entries()) {
      const text = wellFormed(input);
      const aligned = normalizer(alignText(text, 0, true));
      report.equal(`${name} ${index} text`, aligned.text, out[index] === 0 ? text : out[index]);
      report.equal(`${name} ${index} untracked`, normalizer(alignText(text, 0, false)).text, aligned.text);
      report.equal(`${name} ${index} alignment`, characterRanges(aligned, text), off[index]);
    }
  }
}

function withCharsmap(
  normalizer: Readonly<Record<string, unknown>>,
  charsmaps: Readonly<Record<string, string>>,
): unknown {
  const named = /^\(charsmap (\w+) /.exec(String(normalizer['precompiled_charsmap']));
  if (!named) return normalizer;
  const map = charsmaps[named[1]!]!;
  if (!base64Decode(map)) throw new Error(`${named[1]} is no base64`);
  return { ...normalizer, precompiled_charsmap: map };
}

const characterCount = (text: string): number => Array.from(text).length;

/** Original range of every character, in code points. */
function characterRanges(aligned: AlignedText, original: string): number[] {
  const ranges: number[] = [];
  for (let at = 0; at < aligned.text.length;) {
    const length = aligned.text.codePointAt(at)! > 0xffff ? 2 : 1;
    ranges.push(...originalRange(aligned, at, at + length).map((unit) => characterCount(original.slice(0, unit))));
    at += length;
  }
  return ranges;
}

async function runPreTokenizers(test: ParityCase, report: ParityReport): Promise<void> {
  interface File {
    readonly inputs: readonly string[];
    readonly results: readonly {
      readonly name: string;
      readonly pre_tokenizer: unknown;
      readonly out: readonly (readonly [string, number, number][])[];
      readonly off: readonly (readonly number[])[];
    }[];
  }
  const { inputs, results } = await read<File>(test, 'cases.json');
  for (const { name, pre_tokenizer, out, off } of results) {
    const preTokenizer = readPreTokenizer(jsonPlace(pre_tokenizer, `${name}: `));
    for (const [index, input] of inputs.entries()) {
      const text = wellFormed(input);
      const words = preTokenizer(alignText(text, 0, true)).filter((word) => word.text !== '');
      const ranges = words.map((word) => originalRange(word, 0, word.text.length));
      // The file says bytes; the numbers in it are code points.
      const placed = words.map((word, at) => [
        word.text,
        ...ranges[at]!.map((unit) => characterCount(text.slice(0, unit))),
      ]);
      report.equal(`${name} ${index} words`, placed, out[index]);
      report.equal(
        `${name} ${index} offsets`,
        ranges.flat().map((unit) => characterCount(text.slice(0, unit))),
        off[index],
      );
      const untracked = preTokenizer(alignText(text, 0, false)).map((word) => word.text);
      report.equal(
        `${name} ${index} untracked`,
        untracked.filter(Boolean),
        words.map((word) => word.text),
      );
    }
  }
}

async function runDecoders(test: ParityCase, report: ParityReport): Promise<void> {
  interface Case {
    readonly name: string;
    readonly decoder: unknown;
    readonly tokens: readonly string[];
    readonly text: string;
  }
  for (const [index, { name, decoder: given, tokens, text }] of (
    await read<readonly Case[]>(test, 'cases.json')
  ).entries()) {
    const decoder = readDecoder(jsonPlace(given, `${name}: `));
    report.equal(`${name} ${index}`, decoder.decode(tokens).join(''), text);
    const stage = decoder.stage?.(false);
    if (!stage) continue;
    const streamed = [...tokens.flatMap((token) => stage.push(token)), ...stage.end()].join('');
    report.equal(`${name} ${index} streamed`, streamed, text);
  }
}

async function runModels(test: ParityCase, report: ParityReport): Promise<void> {
  interface Case {
    readonly name: string;
    readonly tokenizer: object;
    readonly out: readonly {
      readonly text: string;
      readonly throws?: string;
      readonly ids: readonly number[];
      readonly tokens: readonly string[];
      readonly off: readonly number[];
      readonly words: readonly (number | null)[];
    }[];
  }
  for (const { name, tokenizer: given, out } of await read<readonly Case[]>(test, 'cases.json')) {
    const tokenizer = fromTokenizerJson(given, { name });
    for (const [index, { text, throws, ids, off, words }] of out.entries()) {
      const label = `${name} ${index}`;
      if (throws !== undefined) {
        report.equal(
          `${label} throws`,
          fails(() => tokenizer.encode(text)),
          true,
        );
        continue;
      }
      const encoding = tokenizer.encode(text, { offsets: 'codepoint' });
      report.equal(`${label} ids`, [...encoding.ids], ids);
      report.equal(`${label} ids alone`, [...tokenizer.encode(text).ids], ids);
      report.equal(`${label} offsets`, [...encoding.offsets!], off);
      report.equal(
        `${label} words`,
        [...encoding.wordIds!],
        words.map((word) => word ?? -1),
      );
    }
  }
}

function fails(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

async function runAddedTokens(test: ParityCase, report: ParityReport): Promise<void> {
  type Result = readonly [ids: readonly number[], offsets: readonly number[]];
  interface File {
    readonly texts: readonly string[];
    readonly flags: readonly { readonly token: object; readonly out: readonly Result[] }[];
    readonly overlapTexts: readonly string[];
    readonly overlap: readonly {
      readonly normalizer: unknown;
      readonly added: readonly object[];
      readonly out: readonly Result[];
    }[];
  }
  const { texts, flags, overlapTexts, overlap } = await read<File>(test, 'cases.json');
  const compare = (
    label: string,
    added: readonly object[],
    normalizer: unknown,
    inputs: readonly string[],
    out: readonly Result[],
  ) => {
    const tokenizer = fromTokenizerJson({
      added_tokens: added,
      normalizer,
      pre_tokenizer: { type: 'WhitespaceSplit' },
      model: { type: 'WordLevel', vocab: { '[UNK]': 0 }, unk_token: '[UNK]' },
    });
    for (const [index, text] of inputs.entries()) {
      const { ids, offsets } = tokenizer.encode(text, { offsets: 'codepoint' });
      report.equal(`${label} ${index}`, [[...ids], [...offsets!]], out[index]);
    }
  };
  for (const [index, { token, out }] of flags.entries())
    compare(`flags ${index}`, [token], { type: 'Lowercase' }, texts, out);
  for (const [index, { normalizer, added, out }] of overlap.entries()) {
    compare(`overlap ${index}`, added, normalizer, overlapTexts, out);
  }
}
