import { describe, expect, it } from 'vitest';
import { packVocabulary, textTokenizer, textTokenizers } from '.';
import { tinyRanks } from '../test/tiny-ranks';
import {
  characterToToken,
  tokenToCharacters,
  tokenToWord,
  wordToCharacters,
  wordToTokens,
} from './tokenizer/encoding-lookup';

describe('textTokenizers', () => {
  it('loads every name, offline', async () => {
    for (const { name, vocabularySize } of textTokenizers.list()) {
      const tokenizer = await textTokenizers.fromPretrained(name);
      expect(tokenizer.info).toEqual({ id: 'text/tiktoken', variant: name, vocabularySize, kind: 'bpe' });
      expect(tokenizer.decode(tokenizer.encode('hello world').ids)).toBe('hello world');
    }
  });
  it('reads files by their content', async () => {
    const json = new TextEncoder().encode(' {"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"}}');
    expect((await textTokenizers.fromPretrained(json)).info.id).toBe('text/tokenizer-json');
    expect((await textTokenizers.fromPretrained(new Blob([json]))).info.id).toBe('text/tokenizer-json');
    const url = new URL('https://example.org/tokenizer.json');
    const fetch = async () => new Response(json);
    expect((await textTokenizers.fromPretrained(url, { fetch })).info.variant).toBe(url.href);
    await expect(textTokenizers.fromPretrained(new Uint8Array(5))).rejects.toThrow(/neither|tokenizer\.json or/);
    const missing = async () => new Response('', { status: 404 });
    await expect(textTokenizers.fromPretrained(url, { fetch: missing })).rejects.toThrow(/404/);
  });
  it('names what there is', async () => {
    await expect(textTokenizers.fromPretrained('cl100k')).rejects.toThrow(/cl100k_base/);
    await expect(textTokenizers.fromPretrained('constructor')).rejects.toThrow(/No tokenizer/);
    expect(await textTokenizers.inspect('gpt2')).toEqual({ system: 'text/tiktoken', problems: [] });
    expect((await textTokenizers.inspect(Uint8Array.of(1))).system).toBeNull();
  });
});

describe('packVocabulary', () => {
  it('keeps tokens and merges', () => {
    const file = tinyRanks();
    const packed = packVocabulary(file, 'cl100k_base');
    const tokenizer = textTokenizer.fromPacked(packed);
    expect(tokenizer.save('tiktoken')).toEqual(file);
    const text = 'the theory that they thought; größe 123';
    const read = textTokenizer.fromTiktoken(file, { encoding: 'cl100k_base' });
    expect([...tokenizer.encode(text).ids]).toEqual([...read.encode(text).ids]);
  });
  it('refuses damage', () => {
    const packed = packVocabulary(tinyRanks(5), 'cl100k_base');
    expect(() => textTokenizer.fromPacked({ ...packed, merges: packed.merges.slice(1) })).toThrow(/6 characters/);
    expect(() => textTokenizer.fromPacked({ ...packed, merges: `AZZAZZ${packed.merges}` })).toThrow(/earlier tokens/);
    expect(() => textTokenizer.fromPacked(packed, { encoding: 'x' })).toThrow(/o200k_base/);
  });
});

describe('hub ids', () => {
  const file = JSON.stringify({ model: { type: 'WordLevel', vocab: { a: 0, '<unk>': 1 }, unk_token: '<unk>' } });
  const asked: string[] = [];
  const fetch = async (url: URL | RequestInfo) => {
    asked.push(String(url));
    return new Response(file);
  };

  it('become addresses', async () => {
    for (const id of ['owner/name', 'owner/name@v1.0', 'owner/name@main/sub folder/tokenizer.json']) {
      const tokenizer = await textTokenizers.fromPretrained(id, { fetch, endpoint: 'https://hub.example/' });
      expect([...tokenizer.encode('a').ids]).toEqual([0]);
    }
    expect(asked).toEqual([
      'https://hub.example/owner/name/resolve/main/tokenizer.json',
      'https://hub.example/owner/name/resolve/v1.0/tokenizer.json',
      'https://hub.example/owner/name/resolve/main/sub%20folder/tokenizer.json',
    ]);
  });
  it('are refused where they lead elsewhere', async () => {
    for (const id of ['../name', 'owner/..', 'owner/name/../../x', '/etc/passwd', 'https://a.example/x', 'a/b@c d']) {
      await expect(textTokenizers.fromPretrained(id, { fetch })).rejects.toThrow(/owner\/name/);
    }
    await expect(textTokenizers.fromPretrained('a/b', { fetch, endpoint: 'nowhere' })).rejects.toThrow(/endpoint/);
  });
});

describe('vocabulary files', () => {
  it('read vocab.txt', () => {
    const tokenizer = textTokenizer.fromWordPieceText('[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nun\r\n##do\r\n');
    expect([...tokenizer.encode('UnDo x', { pair: 'un' }).ids]).toEqual([2, 4, 5, 1, 3, 4, 3]);
    expect(() => textTokenizer.fromWordPieceText('a\nb')).toThrow(/\[UNK\]/);
  });
  it('read vocab.json and merges.txt', () => {
    const vocab = '{"a":0,"b":1,"Ġ":2,"ab":3,"Ġab":4,"<|endoftext|>":5}';
    const tokenizer = textTokenizer.fromVocabularyAndMerges(vocab, '#version: 0.2\na b\nĠ ab\n');
    expect([...tokenizer.encode('ab ab<|endoftext|>').ids]).toEqual([3, 4, 5]);
    expect(() => textTokenizer.fromVocabularyAndMerges('[', '')).toThrow(/JSON/);
    expect(() => textTokenizer.fromVocabularyAndMerges(vocab, 'a c')).toThrow(/merges\[0\]/);
  });
});

describe('looking things up in an encoding', () => {
  const tokenizer = textTokenizer.fromWordPieceText('[UNK]\n[CLS]\n[SEP]\nun\n##do\nit');
  const encoding = tokenizer.encode('undo it', { pair: 'it', offsets: 'utf16' });

  it('goes between characters, tokens and words', () => {
    expect(characterToToken(encoding, 3)).toBe(2);
    expect(characterToToken(encoding, 4)).toBeUndefined();
    expect(characterToToken(encoding, 0, 1)).toBe(5);
    expect(tokenToCharacters(encoding, 2)).toEqual([2, 4]);
    expect(tokenToCharacters(encoding, 0)).toBeUndefined();
    expect(tokenToWord(encoding, 3)).toBe(1);
    expect(tokenToWord(encoding, 4)).toBeUndefined();
    expect(wordToTokens(encoding, 0)).toEqual([1, 3]);
    expect(wordToCharacters(encoding, 0)).toEqual([0, 4]);
    expect(wordToTokens(encoding, 7)).toBeUndefined();
    expect(() => tokenToCharacters(encoding, 99)).toThrow(/0\.\.6/);
    expect(() => characterToToken(tokenizer.encode('it'), 0)).toThrow(/offsets/);
  });
});
