import type { ParityRunner } from '@tesserae/core/test';
import { alignTokens } from '../../src/fusechat/align-tokens';
import { addCount, type AlignmentCounts } from '../../src/fusechat/alignment-counts';
import { mapVocabularyByCounts } from '../../src/fusechat/map-vocabulary';
import { transferDistributions } from '../../src/fusechat/transfer-distributions';
import type { Warping } from '../../src/fusechat/warp';

interface ExpectedWarping {
  readonly matches: unknown;
  readonly cost?: number;
  readonly blendingToBase: unknown;
  readonly baseToBlending: unknown;
  readonly matrix?: unknown;
}

interface FuseChatFile {
  readonly baseTokens: readonly string[];
  readonly blendingTokens: readonly string[];
  readonly baseVocab: Readonly<Record<string, number>>;
  readonly blendingVocab: Readonly<Record<string, number>>;
  readonly dtwFuseChat: ExpectedWarping;
  readonly dtwFuseLLM: ExpectedWarping;
  readonly alignmentMatrix: readonly (readonly [base: number, blending: number, count: number])[];
  readonly vocabMapping: readonly number[];
  readonly stepIndices: readonly (readonly number[])[];
  readonly stepLogits: readonly (readonly number[])[];
  readonly stepsAligned: {
    readonly blendingToBase: readonly number[];
    readonly logits: readonly (readonly number[])[];
    readonly indices: readonly (readonly number[])[];
  };
}

export const runFusechat: ParityRunner = async (test, report) => {
  const file = (await test.json('expected.json')) as unknown as FuseChatFile;
  const { baseTokens, blendingTokens, baseVocab, blendingVocab, stepsAligned } = file;
  const compare = (name: string, actual: Warping, expected: ExpectedWarping) => {
    report.equal(`${name} matches`, actual.matches, expected.matches);
    report.equal(`${name} blending to base`, actual.firstToSecond, expected.blendingToBase);
    report.equal(`${name} base to blending`, actual.secondToFirst, expected.baseToBlending);
    if (expected.cost !== undefined) report.equal(`${name} cost`, actual.cost, expected.cost);
    if (expected.matrix !== undefined)
      report.equal(`${name} matrix`, rowsOf(actual, baseTokens.length), expected.matrix);
  };
  const fuseChat = alignTokens(blendingTokens, baseTokens, { style: 'fusechat' });
  compare('FuseChat', fuseChat, file.dtwFuseChat);
  compare('FuseLLM', alignTokens(blendingTokens, baseTokens, { style: 'fusellm' }), file.dtwFuseLLM);

  const base = { tokens: tokensById(baseVocab), marker: '\u2581' };
  const blending = { tokens: tokensById(blendingVocab), marker: '\u0120' };
  const counts: AlignmentCounts = new Map();
  for (const [from, to, count] of file.alignmentMatrix) addCount(counts, from, to, count);
  const special = ['<s>', '</s>'].map((token): [number, number] => [baseVocab[token]!, blendingVocab[token]!]);
  const mapping = mapVocabularyByCounts(base, blending, counts, { unknownId: blendingVocab['<unk>']!, fixed: special });
  report.equal('vocabulary mapping', [...mapping], file.vocabMapping);

  const steps = transferDistributions(
    { ...base, ids: baseTokens.map((token) => baseVocab[token]!) },
    { ...blending, ids: blendingTokens.map((token) => blendingVocab[token]!) },
    file.stepIndices.map((ids, index) => ({ ids, logits: file.stepLogits[index]! })),
    fuseChat.secondToFirst,
    { mapping: stepsAligned.blendingToBase },
  );
  report.equal(
    'step ids',
    steps.map(({ ids }) => ids),
    stepsAligned.indices,
  );
  report.equal(
    'step logits',
    steps.map(({ logits }) => logits),
    stepsAligned.logits,
  );
};

function rowsOf({ matrix }: Warping, columns: number): number[][] {
  return Array.from({ length: matrix.length / columns }, (_, row) => [
    ...matrix.subarray(row * columns, (row + 1) * columns),
  ]);
}

function tokensById(vocabulary: Readonly<Record<string, number>>): string[] {
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(vocabulary)) tokens[id] = token;
  return tokens;
}
