import { readFileSync } from 'node:fs';
import { mulberry32, TesseraeError } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { textTokenizer } from '../src';
import { readModelProto, writeModelProto } from '../src/sentencepiece/model-proto';
import { createWireWriter } from '../src/sentencepiece/protobuf';
import { cl100kBase } from '../src/vocabularies/cl100k_base';

const wordLevel = { type: 'WordLevel', vocab: { '[UNK]': 0, a: 1, b: 2 }, unk_token: '[UNK]' };
const bpe = (vocab: object, merges: unknown = []) => ({ model: { type: 'BPE', vocab, merges } });
const model = new Uint8Array(
  readFileSync(new URL('./fixtures/sentencepiece/unigram-suffix/tokenizer.model', import.meta.url)),
);
const json = readFileSync(new URL('./fixtures/hf/t5-style/tokenizer.json', import.meta.url), 'utf8');

/** The error of a call, which has to be one of ours. */
function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (TesseraeError.isInstance(error)) return error.message;
    throw error;
  }
  return 'no error';
}

/** Milliseconds that a call takes. */
function timeOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

describe('regular expressions that explode', () => {
  const split = (pattern: string) => ({
    model: wordLevel,
    pre_tokenizer: { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
  });
  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(?:a|aa)+c',
    '(a*)*(a*)*b',
    '(.*)(.*)(.*)(.*)x',
    '(a{0,50}){0,50}b',
    '^(?:(?:a?){60})+z',
  ])('split %s in bounded time, or name the pattern', (pattern) => {
    const tokenizer = textTokenizer.fromJson(split(pattern));
    const text = `${'a'.repeat(3000)}!`;
    let message = '';
    expect(timeOf(() => (message = errorOf(() => tokenizer.encode(text))))).toBeLessThan(4000);
    expect(message).toMatch(/^no error$|pre_tokenizer\.pattern\.Regex.*too many steps/);
  });
  it.each(['.*x', '[^b]*b', 'a*(?=b)', '(?<=b.*)a'])(
    'split long texts by %s in bounded time, or name the pattern',
    (pattern) => {
      const tokenizer = textTokenizer.fromJson(split(pattern));
      let message = '';
      expect(timeOf(() => (message = errorOf(() => tokenizer.encode('a'.repeat(300_000)))))).toBeLessThan(20_000);
      expect(message).toMatch(/pre_tokenizer\.pattern\.Regex.*too many steps/);
    },
  );
  it('in normalizers and decoders too', () => {
    const pattern = { Regex: '(a|a)*b' };
    const text = 'a'.repeat(500);
    const normalizing = { model: wordLevel, normalizer: { type: 'Replace', pattern, content: '' } };
    expect(errorOf(() => textTokenizer.fromJson(normalizing).encode(text))).toMatch(/normalizer\.pattern\.Regex/);
    const decoding = {
      model: { ...wordLevel, vocab: { '[UNK]': 0, [text]: 1 } },
      decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern, content: '' }] },
    };
    expect(errorOf(() => textTokenizer.fromJson(decoding).decode([1]))).toMatch(
      /decoder\.decoders\[0\]\.pattern\.Regex/,
    );
  });
  it('that cannot be read are named', () => {
    for (const pattern of ['(', '[a', 'a)', '*', '\\p{Nothing}', '(?(1)a|b)', '\\', '(?<a>b)\\k<c>', '[z-a]']) {
      expect(errorOf(() => textTokenizer.fromJson(split(pattern)))).toMatch(/pre_tokenizer\.pattern\.Regex/);
    }
  });
});

describe('vocabularies', () => {
  it('may have gaps', () => {
    const tokenizer = textTokenizer.fromJson(bpe({ a: 0, b: 5, ab: 900 }, ['a b']));
    expect(tokenizer.info.vocabularySize).toBe(901);
    expect([...tokenizer.encode('aba').ids]).toEqual([900, 0]);
    expect(tokenizer.idToToken(3)).toBeUndefined();
    expect(errorOf(() => tokenizer.decode([0, 3]))).toMatch(/3/);
    expect(tokenizer.decode([0, 3, 5], { unknownIds: 'skip' })).toBe('a b');
  });
  it.each([
    [{ a: 0, b: 0 }, /model\.vocab\["b"\].*"a"/],
    [{ a: 0, b: -1 }, /model\.vocab\["b"\]/],
    [{ a: 0, b: 1.5 }, /model\.vocab\["b"\]/],
    [{ a: 0, b: '1' }, /model\.vocab\["b"\]/],
    [{ a: 0, b: null }, /model\.vocab\["b"\]/],
    [{ a: 0, b: 1e15 }, /model\.vocab\["b"\]/],
    [['a'], /model\.vocab/],
    [null, /model\.vocab/],
  ])('name an id that is double, missing or none: %j', (vocab, message) => {
    expect(errorOf(() => textTokenizer.fromJson({ model: { type: 'BPE', vocab, merges: [] } }))).toMatch(message);
    expect(errorOf(() => textTokenizer.fromJson({ model: { type: 'WordPiece', vocab } }))).toMatch(message);
  });
  it('take names of objects for what they are', () => {
    const vocab = JSON.parse('{"__proto__": 0, "constructor": 1, "12": 2, "toString": 3}') as object;
    const tokenizer = textTokenizer.fromJson({
      model: { type: 'WordLevel', vocab, unk_token: 'toString' },
      pre_tokenizer: { type: 'WhitespaceSplit' },
    });
    expect([...tokenizer.encode('__proto__ constructor 12 hasOwnProperty').ids]).toEqual([0, 1, 2, 3]);
    expect(tokenizer.tokenToId('valueOf')).toBeUndefined();
  });
});

describe('merges', () => {
  it.each([
    [['a x'], /model\.merges\[0\].*"x"/],
    [['a b', 'a'], /model\.merges\[1\]/],
    [['a b', ['a', 'b', 'ab']], /model\.merges\[1\]/],
    [['a b', 7], /model\.merges\[1\]/],
    [['a a'], /model\.merges\[0\].*"aa"/],
    [{}, /model\.merges/],
  ])('name what is wrong: %j', (merges, message) => {
    expect(errorOf(() => textTokenizer.fromJson(bpe({ a: 0, b: 1, ab: 2 }, merges)))).toMatch(message);
  });
  it('that make what they are made of come to an end', () => {
    for (const merges of [[['', 'a']], [['a', '']], [['', '']]]) {
      const tokenizer = textTokenizer.fromJson(bpe({ a: 0, '': 1 }, merges));
      expect([...tokenizer.encode('aaa').ids]).toEqual([0, 0, 0]);
    }
    const prefixed = {
      model: { ...bpe({ a: 0, '##': 1, '##a': 2 }, [['a', '##']]).model, continuing_subword_prefix: '##' },
    };
    expect([...textTokenizer.fromJson(prefixed).encode('aa').ids]).toEqual([0, 2]);
  });
});

describe('files', () => {
  it('of a gigabyte that are no JSON are refused at once', () => {
    const bytes = new Uint8Array(1 << 30);
    expect(
      timeOf(() => expect(errorOf(() => textTokenizer.fromJson(bytes))).toMatch(/tokenizer\.json.*JSON/)),
    ).toBeLessThan(500);
    bytes[0] = 0x7b;
    expect(timeOf(() => expect(errorOf(() => textTokenizer.fromJson(bytes))).toMatch(/JSON.*bytes/))).toBeLessThan(500);
    expect(timeOf(() => expect(errorOf(() => textTokenizer.fromBytes(bytes))).toMatch(/JSON/))).toBeLessThan(500);
  });
  it.each(['', ' ', '[]', '1', 'null', '{', '{"model": }', '{"model": 1}', '{}', '"x"', '\ufeff{}'])(
    'that hold %j are refused',
    (text) => {
      expect(errorOf(() => textTokenizer.fromJson(text))).not.toBe('no error');
      expect(errorOf(() => textTokenizer.fromJson(new TextEncoder().encode(text)))).not.toBe('no error');
    },
  );
  it('with parts in parts without end are refused', () => {
    let normalizer: object = { type: 'NFC' };
    for (let depth = 0; depth < 20_000; depth += 1) normalizer = { type: 'Sequence', normalizers: [normalizer] };
    expect(errorOf(() => textTokenizer.fromJson({ model: wordLevel, normalizer }))).toMatch(/deep/);
  });
  it('that were changed somewhere are read, or refused by name', () => {
    const file = JSON.parse(json) as Record<string, unknown>;
    const parts = ['added_tokens', 'normalizer', 'pre_tokenizer', 'post_processor', 'decoder', 'truncation', 'padding'];
    const random = mulberry32(9);
    const values: readonly unknown[] = [null, -1, 1e9, 'x', '', [], {}, [[]], true, { type: 'Sequence' }];
    for (let round = 0; round < 400; round += 1) {
      const changed = structuredClone({ ...file, model: wordLevel }) as Record<string, unknown>;
      for (const part of parts) if (changed[part] === null) delete changed[part];
      change(changed, random.integers(0, 1 << 20, 12), values);
      errorOf(() => {
        const tokenizer = textTokenizer.fromJson(changed);
        tokenizer.decode(tokenizer.encode('a <extra_id_0> b').ids, { unknownIds: 'skip' });
      });
    }
  });
});

/** Replaces or drops one value, somewhere inside. */
function change(root: Record<string, unknown>, numbers: ArrayLike<number>, values: readonly unknown[]): void {
  let node: Record<string, unknown> = root;
  for (let depth = 0; depth < 10; depth += 1) {
    const keys = Object.keys(node);
    if (keys.length === 0) return;
    const key = keys[numbers[depth]! % keys.length]!;
    const inner = node[key];
    if (typeof inner === 'object' && inner !== null && numbers[depth + 1]! % 4 !== 0) {
      node = inner as Record<string, unknown>;
      continue;
    }
    const place = numbers[11]! % (values.length + 1);
    if (place === values.length) delete node[key];
    else node[key] = values[place];
    return;
  }
}

describe('SentencePiece files', () => {
  const load = (bytes: Uint8Array) => {
    const tokenizer = textTokenizer.fromSentencePiece(bytes);
    return tokenizer.decode(tokenizer.encode('Hello wörld ① 漢字').ids);
  };

  it('that end too early are refused by field', () => {
    const random = mulberry32(1);
    for (const length of random.integers(0, model.length, 150)) {
      const message = errorOf(() => load(model.slice(0, length)));
      expect(message).toMatch(/^no error$|sentencepiece/);
    }
    expect(errorOf(() => load(model.slice(0, model.length - 1)))).toMatch(/sentencepiece/);
  });
  it('that lie about lengths, numbers and types are refused, or read', () => {
    const random = mulberry32(2);
    for (let round = 0; round < 250; round += 1) {
      const bytes = model.slice();
      const places = random.integers(0, bytes.length, 3);
      const values = random.integers(0, 256, 3);
      for (let index = 0; index < 3; index += 1) bytes[places[index]!] = values[index]!;
      expect(timeOf(() => errorOf(() => load(bytes)))).toBeLessThan(3000);
    }
  });
  it.each([
    ['a length beyond the end', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x07]],
    ['a length of 2^63', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a number without end', [0x08, ...new Array<number>(20).fill(0xff)]],
    ['a group, which is no wire type of these files', [0x0b]],
    ['field number 0', [0x02, 0x00]],
    ['a piece whose length lies', [0x0a, 0x04, 0x0a, 0x7f, 0x61, 0x62]],
    ['a piece that is no text', [0x0a, 0x03, 0x0a, 0x01, 0xff]],
  ])('with %s are refused', (_, bytes) => {
    expect(errorOf(() => load(Uint8Array.from(bytes)))).toMatch(/sentencepiece/);
  });
  it.each([
    ['no size', []],
    ['a size of nothing', [0, 0, 0, 0, 1]],
    ['a size that is no multiple of four', [5, 0, 0, 0, ...new Array<number>(8).fill(0)]],
    ['a size beyond the end', [0xfc, 0xff, 0xff, 0x7f, 1, 2, 3, 4]],
    ['a size of four gigabytes', [0xfc, 0xff, 0xff, 0xff, 1, 2, 3, 4]],
  ])('whose character map has %s are refused by field', (_, bytes) => {
    const message = errorOf(() => load(withCharsmap(Uint8Array.from([...bytes, ...(bytes.length > 0 ? [] : [1])]))));
    expect(message).toMatch(/normalizer_spec\.precompiled_charsmap/);
  });
  it('whose character map points anywhere are read without harm', () => {
    const random = mulberry32(3);
    for (let round = 0; round < 60; round += 1) {
      const map = Uint8Array.from(random.integers(0, 256, 1028));
      new DataView(map.buffer).setUint32(0, 1024, true);
      expect(timeOf(() => errorOf(() => load(withCharsmap(map))))).toBeLessThan(1000);
    }
  });
});

/** The fixture with another character map. */
function withCharsmap(map: Uint8Array): Uint8Array {
  const normalizer = createWireWriter();
  normalizer.bytes(2, map);
  const { pieces, others } = readModelProto(model, 'fixture');
  const field = { number: 3, type: 2, value: 0, bytes: normalizer.done() };
  return writeModelProto({ pieces, others: [...others.filter(({ number }) => number !== 3), field] });
}

describe('texts', () => {
  it('of a hundred megabytes are encoded', () => {
    const tokenizer = textTokenizer.fromPacked(cl100kBase);
    const words = 'The quick brown fox jumps over the lazy dog.\n'.repeat(2000);
    const times = Math.ceil(100e6 / words.length);
    const { ids } = tokenizer.encode(words.repeat(times), { specials: 'ordinary' });
    expect(ids.length).toBe(tokenizer.count(words) * times);
  }, 60_000);
});
