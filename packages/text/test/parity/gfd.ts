import type { ParityReport, ParityRunner } from '@tesserae/core/test';
import { byteStringLogProbability } from '../../src/gfd/byte-string-log-probability';
import { alternativeIds, createPrefixIndex, idsWithProperPrefix } from '../../src/gfd/prefix-index';
import { near } from './near';

interface AlternativesFile {
  readonly tokens: readonly string[];
  readonly prefixes: readonly { readonly prefix: string; readonly ids: readonly number[] }[];
  readonly cases: readonly { readonly ids: readonly number[]; readonly alternatives: readonly (readonly number[])[] }[];
}

interface LogProbabilityCase {
  readonly ids: readonly number[];
  readonly startTokenId: number;
  readonly alternatives: readonly (readonly number[])[];
  readonly logProb: number;
  readonly normalizerAdjust: number;
  readonly logits: string;
}

export const runGfd: ParityRunner = async (test, report) => {
  const file: unknown = await test.json('cases.json');
  if (!Array.isArray(file)) return compareAlternatives(file as AlternativesFile, report);
  for (const [position, one] of (file as readonly LogProbabilityCase[]).entries()) {
    const { shape, data } = test.input(one.logits);
    const { logProbability, lengthAdjustment } = byteStringLogProbability({
      ids: one.ids,
      start: one.startTokenId,
      alternatives: one.alternatives,
      logits: { values: data as Float32Array, columns: shape[1]! },
    });
    near(report, `case ${position} log-probability`, logProbability, one.logProb, 1e-5);
    report.equal(`case ${position} length adjustment`, lengthAdjustment, one.normalizerAdjust);
  }
};

function compareAlternatives({ tokens, prefixes, cases }: AlternativesFile, report: ParityReport): void {
  const index = createPrefixIndex(tokens.map(fromHex));
  for (const { prefix, ids } of prefixes) {
    report.equal(`prefix ${prefix}`, [...idsWithProperPrefix(index, fromHex(prefix))], ids);
  }
  for (const [position, { ids, alternatives }] of cases.entries()) {
    const actual = alternativeIds(index, ids).map((list) => [...list]);
    report.equal(`alternatives ${position}`, actual, alternatives);
  }
}

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
