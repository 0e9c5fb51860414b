import type { HostTensor } from '@tesserae/core';
import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { tokenBlocks } from '../../src/sat/block-inputs';
import { characterHashes } from '../../src/sat/character-hashes';
import { constrainedEnds, type LengthLimits } from '../../src/sat/constrained-ends';
import { cutText, endsAbove } from '../../src/sat/cut-text';
import { cutToLengths } from '../../src/sat/cut-to-lengths';
import type { LengthPrior } from '../../src/sat/length-prior';
import { planBlocks } from '../../src/sat/plan-blocks';
import { stitchBlocks } from '../../src/sat/stitch-blocks';
import { tokenScoresToCharacters } from '../../src/sat/token-scores';

interface CutCase {
  readonly text: string;
  readonly probs: readonly number[];
  readonly threshold: number;
  readonly indices: readonly number[];
  readonly sentences: readonly string[];
  readonly stripped: readonly string[];
}

interface ConstrainedCase {
  readonly t: number;
  readonly prior: string;
  readonly kwargs: {
    readonly target_length?: number;
    readonly spread?: number;
    readonly max_length?: number;
    readonly lang_code?: string;
  };
  readonly min: number;
  readonly max: number | null;
  readonly algorithm: NonNullable<LengthLimits['algorithm']>;
  readonly boundaries: readonly number[];
  readonly segments: readonly number[];
  /** Null where the case leaves them out. */
  readonly segmentsStripped: readonly string[] | null;
}

interface BlockCase {
  readonly ids: readonly (readonly number[])[];
  readonly stride: number;
  readonly maxBlock: number;
  readonly batch: number;
  readonly weighting: 'uniform' | 'hat';
  /** Of every batch the ids and the mask, each a list of rows. */
  readonly inputs: readonly (readonly [ids: readonly number[][], mask: readonly number[][]])[];
  readonly logits: readonly (readonly (number | readonly number[])[])[];
}

interface SatFile {
  readonly texts: readonly string[];
  readonly cut: readonly CutCase[];
  readonly constrained: readonly (ConstrainedCase | { readonly t: number; readonly probsFor: readonly number[] })[];
  readonly blocks: readonly BlockCase[];
  readonly tokenToChar: {
    readonly text: string;
    readonly offsets: readonly (readonly [number, number])[];
    readonly tokens: readonly string[];
    readonly special: readonly string[];
    readonly logits: readonly (number | readonly number[])[];
    readonly labels: number;
    readonly out: readonly (number | null | readonly (number | null)[])[];
  };
  readonly hashes: readonly { readonly text: string; readonly hash: readonly (readonly number[])[] }[];
}

export const runSat: ParityRunner = async (test, report) => {
  const file = (await test.json('expected.json')) as unknown as SatFile;
  file.cut.forEach((one, index) => compareCut(one, index, report));
  compareConstrained(file, report);
  const tables = { table: await test.weight('table'), position: await test.weight('position') };
  for (const [index, one] of file.blocks.entries()) compareBlocks(one, index, tables, { test, report });
  compareTokenScores(file.tokenToChar, report);
  for (const { text, hash } of file.hashes) {
    const hashes = hash[0]?.length ?? 8;
    report.equal(`hashes of ${text}`, [...characterHashes(text, { hashes })], hash.flat());
  }
};

function compareCut({ text, probs, threshold, ...expected }: CutCase, index: number, report: ParityReport): void {
  const ends = endsAbove(Float32Array.from(probs), threshold);
  const indices = ends.map((end) => end - 1);
  report.equal(`cut ${index} indices`, indices, expected.indices);
  report.equal(`cut ${index} sentences`, cutText(text, ends), expected.sentences);
  report.equal(`cut ${index} stripped`, cutText(text, ends, { stripWhitespace: true }), expected.stripped);
}

function compareConstrained({ texts, constrained }: SatFile, report: ParityReport): void {
  const probabilities = new Map<number, Float32Array>();
  for (const entry of constrained) {
    if ('probsFor' in entry) probabilities.set(entry.t, Float32Array.from(entry.probsFor));
  }
  for (const [index, entry] of constrained.entries()) {
    if ('probsFor' in entry) continue;
    const { t, kwargs, min, max, algorithm } = entry;
    const prior: LengthPrior = {
      kind: entry.prior.replace('_', '-') as NonNullable<LengthPrior['kind']>,
      ...(kwargs.target_length !== undefined && { targetLength: kwargs.target_length }),
      ...(kwargs.spread !== undefined && { spread: kwargs.spread }),
      ...(kwargs.max_length !== undefined && { maxLength: kwargs.max_length }),
      ...(kwargs.lang_code !== undefined && { language: kwargs.lang_code }),
    };
    const limits = { minLength: min, ...(max !== null && { maxLength: max }) };
    const ends = [...constrainedEnds(probabilities.get(t)!, { ...limits, algorithm, prior })];
    const name = `constrained ${index} ${entry.prior} ${algorithm}`;
    report.equal(`${name} boundaries`, ends, entry.boundaries);
    const segments = cutToLengths(texts[t]!, ends, limits).map((segment) => [...segment].length);
    report.equal(`${name} segments`, segments, entry.segments);
    if (entry.segmentsStripped === null) continue;
    const stripped = cutToLengths(texts[t]!, ends, { ...limits, stripWhitespace: true });
    report.equal(`${name} stripped`, stripped, entry.segmentsStripped);
  }
}

interface Tables {
  /** `[ids, labels]`. */
  readonly table: HostTensor;
  /** `[columns, labels]`. */
  readonly position: HostTensor;
}

function compareBlocks(
  { ids, stride, maxBlock, batch, weighting, ...expected }: BlockCase,
  index: number,
  { table, position }: Tables,
  { test, report }: { readonly test: ParityCase; readonly report: ParityReport },
): void {
  const labels = table.shape[1]!;
  const lengths = ids.map(({ length }) => length);
  const plan = planBlocks(lengths, { stride, blockSize: maxBlock, modelLimit: 510 });
  const { rows, columns, ids: blockIds, mask } = tokenBlocks(plan, ids);
  const inRows = (values: ArrayLike<number>) =>
    Array.from({ length: rows }, (_, row) => Array.from(values).slice(row * columns, (row + 1) * columns));
  const batches = (list: readonly number[][]) =>
    Array.from({ length: Math.ceil(rows / batch) }, (_, at) => list.slice(at * batch, (at + 1) * batch));
  const masks = batches(inRows(mask));
  const inputs = batches(inRows(blockIds)).map((list, at) => [list, masks[at]]);
  report.equal(`blocks ${index} inputs`, inputs, expected.inputs);
  const logits = plan.blocks.map((_, row) =>
    Float32Array.from({ length: plan.blockSize * labels }, (__, at) => {
      const column = Math.floor(at / labels) + 1;
      const id = blockIds[row * columns + column]!;
      const shift = Math.fround(Math.fround(0.1) * position.data[column * labels + (at % labels)]!);
      return table.data[id * labels + (at % labels)]! + shift;
    }),
  );
  const tolerance = Number(/[\d.]+e-\d+/u.exec(String(test.facts['tolerance']))?.[0] ?? 5e-3);
  for (const [text, actual] of stitchBlocks(plan, logits, { labels, weighting }).entries()) {
    const wanted = expected.logits[text]!.flat();
    const worst = actual.reduce((most, value, at) => Math.max(most, Math.abs(value - wanted[at]!)), 0);
    report.equal(`blocks ${index} logits ${text}`, worst <= tolerance ? wanted.length : worst, actual.length);
  }
}

function compareTokenScores(one: SatFile['tokenToChar'], report: ParityReport): void {
  const { text, offsets, tokens, special, logits, labels, out } = one;
  const specialTokensMask = tokens.map((token) => (special.includes(token) ? 1 : 0));
  const values = Float32Array.from(logits.flat());
  const actual = tokenScoresToCharacters([...text].length, offsets.flat(), values, { labels, specialTokensMask });
  const expected = out.flat().map((value) => (value === null ? -Infinity : Math.fround(value)));
  report.equal('token scores', [...actual].map(String), expected.map(String));
}
