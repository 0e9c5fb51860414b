import { InputError } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { sampleTokenizers } from '../../test/sample-tokenizers';
import type { TextTokenizer } from './text-tokenizer';

const surrogates = ['\ud800', '\udc00', 'a\ud83d', '\udc4b b', '\udc00\ud800', 'the\ud800 thing'];
const noText = [undefined, null, 3, NaN, {}, ['a', 'b', 'c'], Symbol.iterator, 10n];

/** The argument that an error names. */
function refused(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error.argument;
    throw error;
  }
  return 'nothing';
}

describe.each(sampleTokenizers)('%s and hostile input', (_name, tokenizer) => {
  const untyped = tokenizer as unknown as Readonly<Record<keyof TextTokenizer, (...given: unknown[]) => unknown>>;
  const size = tokenizer.info.vocabularySize;

  it('takes lone surrogates for U+FFFD everywhere', () => {
    for (const text of surrogates) {
      const replaced = text.replace(/\p{Surrogate}/gu, '\ufffd');
      expect([...tokenizer.encode(text, { specials: 'ordinary' }).ids]).toEqual([
        ...tokenizer.encode(replaced, { specials: 'ordinary' }).ids,
      ]);
      expect(tokenizer.count(text)).toBe(tokenizer.count(replaced));
      expect(tokenizer.rangeCounter(text).count()).toBe(tokenizer.count(replaced));
    }
  });
  it('names what is no text', () => {
    for (const value of noText) {
      expect(refused(() => untyped.encode(value))).toBe('text');
      expect(refused(() => untyped.count(value))).toBe('text');
      expect(refused(() => untyped.encodeBatch(['a', value]))).toBe('texts[1]');
      expect(refused(() => untyped.encodeInto(value, new Int32Array(9), 0))).toBe('text');
      expect(refused(() => untyped.stretches(value, 9))).toBe('text');
      expect(refused(() => untyped.rangeCounter(value))).toBe('text');
      expect(refused(() => untyped.tokenToId(value))).toBe('token');
      expect(refused(() => tokenizer.incremental().append(value as string))).toBe('text');
    }
    expect(refused(() => untyped.encodeBatch('abc'))).toBe('texts');
    expect(refused(() => untyped.encode('a', { pair: 3 }))).toBe('pair');
    expect(refused(() => untyped.encodeBatch([['a', 3]]))).toBe('texts[0][1]');
    expect(refused(() => untyped.encodeBatch([['a', 'b']], { pair: 'c' }))).toBe('pair');
  });
  it('names options that are none', () => {
    const options = [
      ['specials', 'none'],
      ['offsets', 'chars'],
      ['dropout', NaN],
      ['dropout', 2],
      ['random', undefined, { dropout: 0.5 }],
      ['sampling.alpha', undefined, { sampling: { alpha: NaN }, random: {} }],
      ['truncation.maxLength', undefined, { truncation: { maxLength: NaN } }],
      ['truncation.maxLength', undefined, { truncation: { maxLength: -1 } }],
      ['truncation.strategy', undefined, { truncation: { maxLength: 9, strategy: 'any' } }],
      ['padding.length', undefined, { padding: { length: 1.5 } }],
      ['padding.direction', undefined, { padding: { length: 9, direction: 'up' } }],
    ] as const;
    for (const [name, value, more = { [name]: value }] of options) {
      expect(refused(() => untyped.encode('ab', more))).toBe(name);
    }
    expect(refused(() => untyped.save('json'))).toBe('format');
  });
  it('names ids that are none', () => {
    for (const ids of [undefined, null, 7, 'abc', {}, { length: -1 }, { length: NaN }]) {
      for (const call of ['decode', 'decodeBytes', 'pieces', 'isCanonical'] as const) {
        expect(refused(() => untyped[call](ids))).toBe('ids');
      }
    }
    for (const id of [NaN, 1.5, Infinity, '1', 1n, null, undefined]) {
      for (const call of ['decode', 'decodeBytes', 'pieces', 'isCanonical'] as const) {
        expect(refused(() => untyped[call]([0, id]))).toBe('ids[1]');
      }
      expect(refused(() => untyped.idToToken(id))).toBe('id');
    }
    for (const id of [-1, size, 2 ** 31, 2 ** 40, -(2 ** 40)]) {
      expect(() => tokenizer.decode([id])).toThrow(new RegExp(`${id}.*no token`));
      expect(tokenizer.decode([id], { unknownIds: 'skip' })).toBe('');
      expect(() => tokenizer.decodeBytes([id])).toThrow(InputError);
      expect(tokenizer.idToToken(id)).toBe(undefined);
    }
  });
  it('takes any limit, and refuses what is none', () => {
    const text = 'the thing that they thought';
    const whole = tokenizer.count(text);
    for (const limit of [whole, 1e9, Number.MAX_VALUE, Infinity]) expect(tokenizer.count(text, limit)).toBe(whole);
    expect(tokenizer.count(text, 0)).toBeGreaterThan(0);
    for (const limit of [NaN, -1, '5', null]) expect(refused(() => untyped.count(text, limit))).toBe('limit');
  });
  it('names places that are none', () => {
    const target = new Int32Array(4);
    for (const at of [-1, 5, 1.5, NaN]) expect(refused(() => tokenizer.encodeInto('a', target, at))).toBe('at');
    expect(refused(() => untyped.encodeInto('a', [0, 0], 0))).toBe('target');
    expect(refused(() => tokenizer.encodeInto('the thing that'.repeat(4), target, 0))).toBe('target');
    for (const wrong of [0, -1, NaN, 2.5]) expect(refused(() => tokenizer.stretches('a', wrong))).toBe('size');
    const counter = tokenizer.rangeCounter('the thing');
    expect(refused(() => counter.count(3, 2))).toBe('start');
    expect(refused(() => counter.count(-1, 2))).toBe('start');
    expect(refused(() => counter.count(0, 10))).toBe('end');
    expect(refused(() => counter.count(0, NaN))).toBe('end');
  });
  it('is not led astray by names of objects', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(tokenizer.tokenToId(name)).toBe(undefined);
      expect(tokenizer.count(name)).toBeGreaterThan(0);
    }
  });
});

describe('a long text', () => {
  it('is counted and encoded in stretches without holding more than a stretch', () => {
    const [, tokenizer] = sampleTokenizers[0]!;
    const line = 'the thing that they thought, 1234!\n';
    const text = line.repeat(60_000);
    // The line alone has an end of text behind it, which joins nothing here.
    const expected = tokenizer.count(line.repeat(2)) - tokenizer.count(line);
    expect(tokenizer.count(text)).toBe(tokenizer.count(line) + expected * 59_999);
    const ends = tokenizer.stretches(text, 50_000);
    expect(ends.length).toBeGreaterThanOrEqual(text.length / 50_000);
    expect(tokenizer.count(text, 1000)).toBeLessThan(1100);
  });
});
