import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { randomTexts } from '../../test/random-text';
import { tinySentencePiece } from '../../test/sample-tokenizers';
import { fromTokenizerJson } from '../pipeline/tokenizer-json';
import { pieceType, writeModelProto } from './model-proto';
import { createWireWriter } from './protobuf';
import { fromSentencePiece } from './sentencepiece';

const alphabet = [...'abcdefgh thing   the ', '  ', 'the', ' ', 'ü', '世', '\n', '▁', '\u00a0', '👋🏽'];
const texts = randomTexts(400, 31, alphabet).concat(['', ' ', '   ', ' the  thing ', 'the\n the']);

describe.each([
  ['unigram', 1],
  ['BPE', 2],
] as const)('a SentencePiece %s model as tokenizer.json', (_name, type) => {
  const model = fromSentencePiece(tinySentencePiece(type));
  const json = fromTokenizerJson(model.save('tokenizer.json'));

  it('gives the same ids', () => {
    for (const text of texts) expect([...json.encode(text).ids]).toEqual([...model.encode(text).ids]);
  });
  it('decodes known text alike', () => {
    const plain = texts.filter((text) => !text.includes('▁'));
    const known = plain.map((text) => model.encode(text).ids).filter((ids) => !ids.includes(0));
    expect(known.length).toBeGreaterThan(20);
    for (const ids of known) expect(json.decode(ids)).toBe(model.decode(ids));
  });
});

describe('what a tokenizer.json does not have', () => {
  const file = (type: number, suffix = false) => {
    const trainer = createWireWriter();
    trainer.varint(3, 1);
    if (suffix) trainer.varint(24, 1);
    return writeModelProto({
      pieces: [
        { piece: '<unk>', score: 0, type: pieceType.unknown },
        { piece: 'a', score: -1, type },
      ],
      others: [{ number: 2, type: 2, value: 0, bytes: trainer.done() }],
    });
  };

  it('is refused with the reason', () => {
    const saved = (bytes: Uint8Array) => () => fromSentencePiece(bytes).save('tokenizer.json');
    expect(saved(file(pieceType.userDefined))).toThrow(/user-defined/);
    expect(saved(file(pieceType.unused))).toThrow(/unused/);
    expect(saved(file(pieceType.normal, true))).toThrow(/ends words/);
    const suffixModel = new URL('../../test/fixtures/sentencepiece/unigram-suffix/tokenizer.model', import.meta.url);
    expect(saved(readFileSync(suffixModel))).toThrow(/cannot be written/);
  });
});
