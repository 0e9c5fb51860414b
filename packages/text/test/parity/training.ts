import { type Json } from '@tesserae/core/data';
import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { utf8Decode } from '../../src/bytes/utf8';
import { type BpeTrainingOptions, trainBpe } from '../../src/training/bpe/train-bpe';
import { countTexts } from '../../src/training/count-texts';
import { finishTraining } from '../../src/training/progress';
import { textLines } from '../../src/training/text-lines';
import type { UnigramTrainingOptions } from '../../src/training/unigram/settings';
import { trainUnigram } from '../../src/training/unigram/train-unigram';
import { createWordCounter } from '../../src/training/word-counter';
import type { WordCounts } from '../../src/training/word-counts';
import { createUnigram } from '../../src/unigram/unigram';

type Settings = Readonly<Record<string, Json>>;

export const runTraining: ParityRunner = async (test, report) => {
  if (test.name === 'corpora') {
    for (const file of ['en.txt', 'mixed.txt']) report.equal(file, (await test.bytes(file)).length > 0, true);
    return;
  }
  const words = await readWords(test);
  report.equal('distinct words', words.size, test.facts['distinctWords']);
  const { model } = test.facts['trainer'] as Settings;
  await (model === 'unigram' ? compareUnigram : compareBpe)(test, words, report);
};

async function readWords(test: ParityCase): Promise<WordCounts> {
  const counter = createWordCounter({
    normalizer: test.facts['normalizer'] as object | null,
    preTokenizer: test.facts['pre_tokenizer'] as object | null,
  });
  const corpus = utf8Decode(await test.bytes(test.facts['corpus'] as string));
  finishTraining(countTexts(counter, textLines([corpus])));
  return counter.counts();
}

/** Settings by the names of the official trainer, as ours. */
function ownOptions(settings: Settings): Readonly<Record<string, Json>> {
  const names: Readonly<Record<string, keyof BpeTrainingOptions | keyof UnigramTrainingOptions>> = {
    vocab_size: 'vocabularySize',
    min_frequency: 'minimumFrequency',
    special_tokens: 'specialTokens',
    limit_alphabet: 'limitAlphabet',
    initial_alphabet: 'initialAlphabet',
    continuing_subword_prefix: 'continuingSubwordPrefix',
    end_of_word_suffix: 'endOfWordSuffix',
    max_token_length: 'maximumTokenLength',
    unk_token: 'unknownToken',
    shrinking_factor: 'shrinkingFactor',
    n_sub_iterations: 'subIterations',
    max_piece_length: 'maximumPieceLength',
    seed_size: 'seedSize',
  };
  const given = Object.entries(settings).filter(([name, value]) => name !== 'model' && value !== null);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const own = names[name];
      if (own === undefined) throw new Error(`no option for ${name}`);
      // The official trainers take a list of characters.
      return [own, own === 'initialAlphabet' && Array.isArray(value) ? value.join('') : value];
    }),
  );
}

async function compareBpe(test: ParityCase, words: WordCounts, report: ParityReport): Promise<void> {
  const expected = (await test.json('expected.json')) as { readonly vocab: readonly string[]; readonly merges: Json };
  const trained = finishTraining(trainBpe(words, ownOptions(test.facts['trainer'] as Settings)));
  report.equal('tokens', trained.tokens, expected.vocab);
  report.equal('merges', trained.merges, expected.merges);
}

type Pieces = readonly (readonly [piece: string, score: number])[];

/** Scores to 1e-6 relative; pieces of equal scores may swap, and so may scores of required characters without a piece. */
async function compareUnigram(test: ParityCase, words: WordCounts, report: ParityReport): Promise<void> {
  const expected = (await test.json('expected.json')) as unknown as {
    readonly unk_id: number;
    readonly pieces: Pieces;
  };
  const trained = finishTraining(trainUnigram(words, ownOptions(test.facts['trainer'] as Settings)));
  report.equal('unknown id', trained.unknownId, expected.unk_id);
  const sorted = (pieces: Pieces) => pieces.map(([piece]) => piece).toSorted();
  report.equal('pieces', sorted(trained.pieces), sorted(expected.pieces));
  for (const [id, [, score]] of trained.pieces.entries()) {
    report.equal(`score ${id}`, isClose(score, expected.pieces[id]?.[1] ?? Number.NaN), true);
  }
  const scores = new Map(expected.pieces);
  for (const [piece, score] of trained.pieces) {
    const wanted = scores.get(piece) ?? Number.NaN;
    // Characters, because of those that no longer had a piece.
    const step = [...piece].length === 1 ? expected.pieces.length * 1e-4 : 0;
    report.equal(`score of ${piece}`, isClose(score, wanted) || Math.abs(score - wanted) <= step, true);
  }
  const { tokensOnCorpus, viterbiLogLikelihood } = test.facts['stats'] as Readonly<Record<string, number>>;
  const model = createUnigram({ pieces: trained.pieces, unknownId: trained.unknownId, byteFallback: false });
  let tokens = 0;
  let likelihood = 0;
  for (const [word, count] of words) {
    const { ids } = model.encodeWord(word, {});
    tokens += ids.length * count;
    for (const id of Array.from(ids)) likelihood += trained.pieces[id]![1] * count;
  }
  report.equal('tokens on corpus', tokens, tokensOnCorpus);
  report.equal('log likelihood', isClose(likelihood, viterbiLogLikelihood!), true);
}

const isClose = (actual: number, wanted: number): boolean =>
  Math.abs(actual - wanted) <= 1e-6 * Math.max(Math.abs(wanted), 1e-9);
