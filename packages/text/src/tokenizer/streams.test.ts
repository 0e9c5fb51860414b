import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { randomTexts } from '../../test/random-text';
import { tinyRanks } from '../../test/tiny-ranks';
import { fromTiktoken } from '../bpe/from-tiktoken';

const file = tinyRanks();

async function through<In, Out>(stream: TransformStream<In, Out>, chunks: readonly In[]): Promise<Out[]> {
  const writer = stream.writable.getWriter();
  const out: Out[] = [];
  const reading = (async () => {
    const reader = stream.readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) out.push(next.value);
  })();
  for (const chunk of chunks) await writer.write(chunk);
  await writer.close();
  await reading;
  return out;
}

describe.each(['cl100k_base', 'o200k_base', 'gpt2'])('%s in parts', (encoding) => {
  const tokenizer = fromTiktoken(file, { encoding });
  const text = randomTexts(60, 11)
    .join(' the thing, ')
    .replace(/\p{Surrogate}|\ufffd/gu, '');
  const random = mulberry32(3);

  it('counts what was appended and prepended at every step', () => {
    const counter = tokenizer.incremental();
    let start = text.length >> 1;
    let end = start;
    while (start > 0 || end < text.length) {
      const step = random.integers(0, 5, 2) as unknown as [number, number];
      counter.append(text.slice(end, end + step[0]));
      counter.prepend(text.slice(Math.max(0, start - step[1]), start));
      end = Math.min(text.length, end + step[0]);
      start = Math.max(0, start - step[1]);
      expect(counter.count()).toBe(tokenizer.count(text.slice(start, end)));
    }
  });
  it('encodes a stream of text', async () => {
    const chunks = text.match(/[\s\S]{1,7}/g)!;
    const parts = await through(tokenizer.encodeStream(), chunks);
    expect(parts.flatMap((ids) => [...ids])).toEqual([...tokenizer.encode(text, { specials: 'ordinary' }).ids]);
    expect(parts.length).toBeGreaterThan(10);
  });
  it('decodes a stream of ids without splitting characters', async () => {
    const { ids } = tokenizer.encode(text);
    const parts = await through(tokenizer.decodeStream(), [...ids]);
    expect(parts.join('')).toBe(text);
    for (const part of parts) expect(part).not.toMatch(/\ufffd|\p{Surrogate}/u);
    expect(tokenizer.pieces(ids).join('')).toBe(text);
  });
});

describe('decodeStream', () => {
  const tokenizer = fromTiktoken(file, { encoding: 'cl100k_base' });
  const byte = (value: number) => tokenizer.encodeSingleToken(Uint8Array.of(value));

  it('sums to decode for any bytes', async () => {
    const random = mulberry32(8);
    for (let round = 0; round < 200; round += 1) {
      const ids = Array.from(random.integers(0, 20, 12), (index) =>
        byte(
          [
            0x41, 0x80, 0xbf, 0xc3, 0xa9, 0xe4, 0xbd, 0xa0, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0xc0, 0xff, 0xf4, 0x90,
            0xe0, 0x9f,
          ][index]!,
        ),
      );
      expect((await through(tokenizer.decodeStream(), ids)).join('')).toBe(tokenizer.decode(ids));
    }
  });
  it('shows a character as soon as it is whole, and a broken one at the end', async () => {
    const ids = [0x41, 0xe4, 0xb8, 0x96, 0x62, 0xe4].map(byte);
    expect(await through(tokenizer.decodeStream(), ids)).toEqual(['A', '世', 'b', '\ufffd']);
  });
});
