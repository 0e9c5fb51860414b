import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { ensembleBytes } from '../../src/exact-bytes/byte-ensemble';
import { advanceBytes, type BytePredictor, type ByteState, startBytes } from '../../src/exact-bytes/byte-state';
import { coverEncodings } from '../../src/exact-bytes/cover-encodings';
import { joinTokens, type TokenLanguageModel } from '../../src/exact-bytes/cover-tokenizer';
import { sentencePieceCovers } from '../../src/exact-bytes/sentencepiece-covers';
import { logSoftmax } from '../../src/numeric/softmax';
import { fromSentencePiece } from '../../src/sentencepiece/sentencepiece';

interface Step {
  readonly bytes: string;
  readonly probs: readonly number[];
  readonly covers?: number;
}

interface Expected {
  readonly coverEncodings: readonly {
    readonly model: number;
    readonly prompt: string;
    readonly divider: readonly number[];
    readonly covers: readonly { readonly bytes: string; readonly tokens: readonly number[]; readonly logP: number }[];
  }[];
  readonly nextByte: readonly {
    readonly model: number;
    readonly prompt: string;
    readonly fast: boolean;
    readonly steps: readonly Step[];
  }[];
  readonly ensemble: readonly { readonly prompt: string; readonly steps: readonly Step[] }[];
}

export const runExactBytes: ParityRunner = async (test, report) => {
  const expected = (await test.json('expected.json')) as unknown as Expected;
  const files = Object.keys(test.facts['files'] as object).flatMap(
    (names) => names.match(/tokenizer\d+\.model/g) ?? [],
  );
  const predictors = await Promise.all(files.map((file, place) => readPredictor(test, file, place)));
  for (const { model, prompt, divider, covers } of expected.coverEncodings) {
    const label = `covers of ${JSON.stringify(prompt)} by ${model}`;
    const { model: language, tokenizer } = predictors[model]!;
    const actual = await coverEncodings(language, tokenizer, prompt);
    report.equal(`${label} divider`, actual.divider, divider);
    const before = actual.divider.slice(actual.context.length);
    const found = new Map(
      actual.covers.map(({ tokens, logProbability }) => [
        toHex(joinTokens(tokenizer, [...before, ...tokens])),
        { tokens, logProbability },
      ]),
    );
    report.equal(`${label} bytes`, [...found.keys()].toSorted(), covers.map(({ bytes }) => bytes).toSorted());
    for (const { bytes, tokens, logP } of covers) {
      report.equal(`${label} ${bytes}`, found.get(bytes)?.tokens, tokens);
      report.equal(`${label} ${bytes} probability`, isNear(Math.exp(found.get(bytes)!.logProbability - logP), 1), true);
    }
  }
  for (const { model, prompt, fast, steps } of expected.nextByte) {
    const predictor = { ...predictors[model]!, isFast: fast };
    await compareSteps(`${fast ? 'fast ' : ''}${model}: ${prompt}`, [predictor], prompt, steps, report);
  }
  for (const { prompt, steps } of expected.ensemble) {
    await compareSteps(`ensemble: ${prompt}`, predictors, prompt, steps, report);
  }
};

async function readPredictor(test: ParityCase, file: string, place: number): Promise<BytePredictor> {
  const tokenizer = sentencePieceCovers(fromSentencePiece(await test.bytes(file), { name: file }));
  const last = (await test.weight(`model${place}.w1`)).data as Float32Array;
  const before = (await test.weight(`model${place}.w2`)).data as Float32Array;
  const size = tokenizer.index.tokens.length;
  const model: TokenLanguageModel = {
    logProbabilities(ids) {
      const row = last.slice(ids.at(-1)! * size, (ids.at(-1)! + 1) * size);
      if (ids.length > 1) for (let id = 0; id < size; id += 1) row[id]! += before[ids.at(-2)! * size + id]!;
      return logSoftmax(row);
    },
  };
  return { model, tokenizer };
}

async function compareSteps(
  label: string,
  predictors: readonly BytePredictor[],
  prompt: string,
  steps: readonly Step[],
  report: ParityReport,
): Promise<void> {
  let states: ByteState[] = [];
  for (const [place, { bytes, probs, covers }] of steps.entries()) {
    const byte = Number.parseInt(bytes.slice(-2), 16);
    states = await Promise.all(
      predictors.map((predictor, index) =>
        place === 0 ? startBytes(predictor, prompt) : advanceBytes(predictor, states[index]!, byte),
      ),
    );
    // Bytes that a tokenizer puts in front of the text are not in the recorded ones.
    report.equal(`${label} bytes ${place}`, toHex(states[0]!.bytes).endsWith(bytes), true);
    if (covers !== undefined) report.equal(`${label} covers ${place}`, states[0]!.covers.length, covers);
    const own = states.map(({ probabilities }) => probabilities);
    const actual = predictors.length > 1 ? ensembleBytes(own) : own[0]!;
    for (const [symbol, probability] of probs.entries()) {
      const value = actual[symbol] ?? 0;
      const isEqual = probability > 1e-6 ? isNear(value / probability, 1) : Math.abs(value - probability) < 1e-6;
      report.equal(`${label} step ${place} symbol ${symbol}`, isEqual ? probability : value, probability);
    }
  }
}

/** Sums of float32 logarithms of up to twenty tokens. */
const isNear = (ratio: number, one: number): boolean => Math.abs(ratio - one) <= 1e-5;

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
