import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { byteCharacters } from '../bytes/byte-alphabet';
import { encodePreTokens } from './encode-pre-tokens';
import type { BoundlessBpeModel, DeletionSplit } from './model';
import { readBoundlessBpe, writeBoundlessBpe } from './model-file';
import { createPreTokenFinder } from './pre-tokens';
import { createTimeline } from './timeline';
import { boundlessBpeTokenizer } from './tokenizer';

const pattern = ' ?[a-z]+|[0-9]';
const model: BoundlessBpeModel = {
  kind: 'boundless-bpe',
  pattern,
  tokens: [...byteCharacters, 'th', 'the', 'Ġo', 'Ġof', 'ofĠthe', 'Ġt', 'Ġthe', 'ĠofĠthe', 'er'],
  specialTokens: new Map([['<|end|>', 265]]),
  merges: [
    { time: 0, left: 't', right: 'h' },
    { time: 1, left: 'th', right: 'e' },
    { time: 3, left: 'Ġ', right: 'o' },
    { time: 4, left: 'Ġo', right: 'f' },
    { time: 5, left: 'Ġ', right: 'the' },
    { time: 7, left: 'e', right: 'r' },
  ],
  deletions: [
    { time: 2, token: 'th' },
    { time: 8, token: 'the' },
  ],
  supermerges: [{ time: 6, left: 'Ġof', right: 'Ġthe' }],
};

/** Looks at the whole text for the next event, again and again. */
function replay({ merges, deletions, supermerges }: BoundlessBpeModel, text: string, split: DeletionSplit): string[] {
  let chunks = text.match(/ ?[a-z]+|[0-9]/g)!.map((chunk) => [...chunk.replaceAll(' ', 'Ġ')]);
  const last = Math.max(...[...merges, ...deletions, ...supermerges].map(({ time }) => time));
  for (let time = 0; time <= last; time += 1) {
    const merge = merges.find((one) => one.time === time);
    const deletion = deletions.find((one) => one.time === time);
    const supermerge = supermerges.find((one) => one.time === time);
    if (merge) {
      for (const chunk of chunks) {
        for (let at = 0; at + 1 < chunk.length; at += 1) {
          if (chunk[at] === merge.left && chunk[at + 1] === merge.right) chunk.splice(at, 2, merge.left + merge.right);
        }
      }
    } else if (deletion) {
      const pair = merges.find(({ left, right }) => left + right === deletion.token)!;
      const parts = split === 'pair' ? [pair.left, pair.right] : [...deletion.token];
      chunks = chunks.map((chunk) => chunk.flatMap((token) => (token === deletion.token ? parts : [token])));
    } else if (supermerge) {
      for (let at = 0; at + 1 < chunks.length; at += 1) {
        const [one, other] = [chunks[at]!, chunks[at + 1]!];
        const isPair = one.length === 1 && other.length === 1;
        if (isPair && one[0] === supermerge.left && other[0] === supermerge.right) {
          chunks.splice(at, 2, [one[0] + other[0]]);
        }
      }
    }
  }
  return chunks.flat();
}

describe('boundlessBpeTokenizer', () => {
  it('replays all events in their order', () => {
    const random = mulberry32(5);
    const parts = ['th', 'the', ' the', ' of', ' of the', 'e', 'er', ' other', '7', ' ofthe', 'o', ' thth'];
    for (const split of ['pair', 'bytes'] as const) {
      const tokenizer = boundlessBpeTokenizer(model, { split });
      for (let round = 0; round < 200; round += 1) {
        const text = Array.from(random.integers(0, parts.length, 6), (index) => parts[index]!).join('');
        const { ids } = tokenizer.encode(text);
        expect(Array.from(ids, (id) => model.tokens[id])).toEqual(replay(model, text, split));
        expect(tokenizer.decode(ids)).toBe(text);
      }
    }
  });

  it('gives offsets, also behind text that no pre-token has', () => {
    const tokenizer = boundlessBpeTokenizer(model);
    const { ids, offsets } = tokenizer.encode('é of the!7', { offsets: 'utf16' });
    expect(Array.from(ids, (id) => model.tokens[id])).toEqual(['ĠofĠthe', '7']);
    expect(Array.from(offsets!)).toEqual([1, 8, 9, 10]);
  });

  it('has special tokens as the others have', () => {
    const tokenizer = boundlessBpeTokenizer(model);
    expect(() => tokenizer.encode('a<|end|>')).toThrow('<|end|>');
    const { ids, offsets } = tokenizer.encode('a<|end|>er', { specials: 'allow', offsets: 'utf16' });
    expect(Array.from(ids)).toEqual([97, 265, 264]);
    expect(Array.from(offsets!)).toEqual([0, 1, 1, 8, 8, 10]);
    expect(tokenizer.decode(ids, { skipSpecials: true })).toBe('aer');
    expect(tokenizer.tokenToId('<|end|>')).toBe(265);
    expect(tokenizer.count('of the')).toBe(tokenizer.encode('of the').ids.length);
    expect(new TextDecoder().decode(tokenizer.save('boundless-bpe'))).toBe(writeBoundlessBpe(model));
    expect(() => tokenizer.save('tokenizer.json')).toThrow('BoundlessBPE');
  });

  it('takes time in proportion to the text', () => {
    const find = createPreTokenFinder('[\\s\\S]+');
    const timeline = createTimeline(model, 'bytes');
    const { ids } = encodePreTokens(timeline, find, 'the'.repeat(100_000));
    expect(ids).toHaveLength(300_000);
  });
});

describe('readBoundlessBpe', () => {
  const file = writeBoundlessBpe({ ...model, pattern: 'é\u{1f600}|"' });

  it('reads what is written', () => {
    expect(file).toContain('"\\u00e9\\ud83d\\ude00|\\""');
    expect(readBoundlessBpe(file)).toEqual({ ...model, pattern: 'é\u{1f600}|"' });
    expect(readBoundlessBpe(new TextEncoder().encode(file))).toEqual(readBoundlessBpe(file));
  });

  it('names the line that is wrong', () => {
    expect(() => readBoundlessBpe('{}')).toThrow('tokenizer.model:1');
    expect(() => readBoundlessBpe('word v1\nabc\n')).toThrow('tokenizer.model:2');
    expect(() => readBoundlessBpe(file.replace('0 t h', '0 t'))).toThrow(
      /tokenizer.model:\d+: expected a number and two/,
    );
    expect(() => readBoundlessBpe(file.replace('0 t h', '0 t 世'))).toThrow('two tokens');
    expect(() => readBoundlessBpe(file.slice(0, 300))).toThrow('tokenizer.model:');
    expect(() => readBoundlessBpe('word v1\n"a"\n99999\n')).toThrow('a number of lines');
    expect(() => readBoundlessBpe(file.replace('\n3 \u0103', '\n999 \u0103'))).toThrow('without gaps');
  });

  it('refuses events that do not fit together', () => {
    expect(() => createTimeline({ ...model, deletions: [{ time: 0, token: 'th' }] }, 'bytes')).toThrow('two at 0');
    expect(() => createTimeline({ ...model, deletions: [{ time: 9, token: 'xy' }] }, 'pair')).toThrow('"xy"');
    expect(() => createTimeline({ ...model, tokens: ['a'] }, 'pair')).toThrow('a token for each byte');
  });
});
