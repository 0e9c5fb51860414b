import type { ParityRunner } from '@tesserae/core/test';
import type { DeletionSplit } from '../../src/boundless-bpe/model';
import { readBoundlessBpe, writeBoundlessBpe } from '../../src/boundless-bpe/model-file';
import { boundlessBpeTokenizer } from '../../src/boundless-bpe/tokenizer';
import { readByteCharacters } from '../../src/bytes/byte-alphabet';
import { utf8Decode } from '../../src/bytes/utf8';
import { createDocuments } from '../../src/training/boundless-bpe/documents';
import { trainBoundlessBpe } from '../../src/training/boundless-bpe/train-boundless-bpe';
import { finishTraining } from '../../src/training/progress';

interface Config {
  readonly tau: number;
  readonly pattern: string;
  readonly vocab_size: number;
  readonly blowup: boolean;
}

interface Encoded {
  readonly text: string;
  /** Tokens in hexadecimal. */
  readonly noBlowup: readonly string[];
  readonly ids: readonly number[];
  /** 0: the same as without. */
  readonly blowup: readonly string[] | 0;
  readonly idsBlowup: readonly number[] | 0;
}

/** Trains the model again, byte for byte, and encodes with the official file. */
export const runBoundlessBpe: ParityRunner = async (test, report) => {
  const config = test.facts['config'] as unknown as Config;
  const file = utf8Decode(await test.bytes('tokenizer.model'));
  const official = readBoundlessBpe(file);
  report.equal('read and written', writeBoundlessBpe(official), file);

  const documents = createDocuments({ pattern: config.pattern });
  for (const text of (await test.json('corpus.json')) as readonly string[]) documents.add(text);
  const trained = finishTraining(
    trainBoundlessBpe(documents, {
      vocabularySize: config.vocab_size,
      deletionThreshold: config.tau,
      pattern: config.pattern,
      split: config.blowup ? 'bytes' : 'pair',
      specialTokens: [...official.specialTokens.keys()],
    }),
  );
  report.equal('trained model', writeBoundlessBpe(trained), file);

  const expected = (await test.json('expected.json')) as unknown as readonly Encoded[];
  const splits: readonly DeletionSplit[] = ['pair', 'bytes'];
  for (const split of splits) {
    const tokenizer = boundlessBpeTokenizer(official, { split });
    for (const [index, { text, noBlowup, ids, blowup, idsBlowup }] of expected.entries()) {
      const found = Array.from(tokenizer.encode(text, { specials: 'ordinary' }).ids);
      const isPair = split === 'pair';
      report.equal(`ids of text ${index}, ${split}`, found, isPair ? ids : idsBlowup || ids);
      const shown = found.map((id) => Buffer.from(readByteCharacters(official.tokens[id]!)!).toString('hex'));
      report.equal(`tokens of text ${index}, ${split}`, shown, isPair ? noBlowup : blowup || noBlowup);
      report.equal(`text ${index} decoded`, tokenizer.decode(found), text);
    }
  }
};
