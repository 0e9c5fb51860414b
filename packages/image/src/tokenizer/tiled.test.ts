import { Tokens, type ImageSignal, type ProgressEvent } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { caseFiles, difference } from '../../test/case-files';
import { tinyTitok } from '../../test/tiny-titok';
import { convFsq } from '../conv-fsq/conv-fsq';
import { maskgitVqgan } from '../maskgit-vqgan/maskgit-vqgan';
import { tileOf } from '../pipelines/tiles';
import { titokTokenizer } from '../titok/tokenizer';
import { decodeTiled, encodeTiled } from './tiled';

const vq = await caseFiles('titok/vq-l2-nonlegacy');
const tiny = tinyTitok('image/titok', vq.config, (model) => titokTokenizer(model, 'none'));
const load = () => tiny.system.fromPretrained(vq.path('pytorch_model.bin'), { engine: 'cpu', config: tiny.official });
const idsOf = ({ levels }: Tokens) => Array.from(levels[0]!.data);

function picture(width: number, height: number): ImageSignal {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const place = Math.floor(i / 3);
    return 128 + 100 * Math.sin((place % width) / 7 + (i % 3)) * Math.cos(place / width / 9);
  });
  return { modality: 'image', width, height, channels: 3, data };
}

/** The part of a picture, border pixels repeated. */
function part({ width, height, data }: ImageSignal, left: number, top: number, size: number): ImageSignal {
  const pixels = Uint8Array.from({ length: size * size * 3 }, (_, i) => {
    const place = Math.floor(i / 3);
    const x = Math.min(width - 1, left + (place % size));
    const y = Math.min(height - 1, top + Math.floor(place / size));
    return data[(y * width + x) * 3 + (i % 3)]!;
  });
  return { modality: 'image', width: size, height: size, channels: 3, data: pixels };
}

describe('tiles', () => {
  useLeakGuard();

  it('of a model that fills them up to a multiple come back in their own size', async () => {
    const config = { patchSize: 2, outerChannels: 8, outerBlocks: 1, innerChannels: 8, innerBlocks: 1, levels: [8, 5] };
    const tokenizer = await convFsq.fromConfig(config, { engine: 'cpu' });
    const whole = picture(25, 13);
    // 10 is no multiple of 4: every tile is padded, and the last column and row lie outside the picture as well.
    const tokens = await encodeTiled(tokenizer, whole, { size: 10, overlap: 2 });
    expect(tokens).toHaveLength(6);
    expect(await decodeTiled(tokenizer, tokens)).toMatchObject({ width: 25, height: 13, channels: 3 });
    await tokenizer.dispose();
  });

  it.each([
    [0, [0, 32, 64], [0, 32]],
    [8, [0, 24, 48], [0, 24]],
  ])('with %i shared pixels have the ids of their part of the picture', async (overlap, lefts, tops) => {
    const tokenizer = await load();
    const whole = picture(70, 40);
    const events: ProgressEvent[] = [];
    const tokens = await encodeTiled(tokenizer, whole, { overlap, onProgress: (event) => events.push(event) });
    expect(tokens).toHaveLength(lefts.length * tops.length);
    for (const [index, item] of tokens.entries()) {
      const [left, top] = [lefts[index % lefts.length]!, tops[Math.floor(index / lefts.length)]!];
      expect(idsOf(item)).toEqual(idsOf(await tokenizer.encode(part(whole, left, top, 32))));
      expect(item.source).toMatchObject({ width: 70, height: 40, pipeline: 'pil-bicubic-32' });
      expect(tileOf(item.source)).toMatchObject({
        index,
        layout: { columns: lefts.length, rows: tops.length, overlap },
      });
    }
    expect(events.filter(({ label }) => label === 'tiles').map(({ completed }) => completed)).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    const decoded = await decodeTiled(tokenizer, tokens);
    expect(decoded).toMatchObject({ width: 70, height: 40, channels: 3 });
    const throughFiles = tokens.map((item) => Tokens.fromBytes(item.toBytes())).reverse();
    expect(await decodeTiled(tokenizer, throughFiles)).toEqual(decoded);
    // What no neighbor shares is the first tile's own.
    const alone = 32 - overlap;
    const first = await tokenizer.decode(tokens[0]!);
    expect(difference(part(decoded, 0, 0, alone), part(first, 0, 0, alone))).toBe(0);
    await tokenizer.dispose();
  });

  it('need a size where the model has none', async () => {
    const folder = (await caseFiles('maskgit-vqgan/hub-dir')).folder;
    const tokenizer = await maskgitVqgan.fromPretrained(folder, { engine: 'cpu' });
    const whole = picture(20, 12);
    await expect(encodeTiled(tokenizer, whole, { pipeline: 'none' })).rejects.toMatchObject({ name: 'InputError' });
    const tokens = await encodeTiled(tokenizer, whole, { pipeline: 'none', size: 8, overlap: 2 });
    expect(tokens[0]!.levels[0]!.shape).toEqual([4, 4]);
    expect(await decodeTiled(tokenizer, tokens)).toMatchObject({ width: 20, height: 12 });
    const named = await encodeTiled(tokenizer, whole, { pipeline: 'pil-bicubic-16' });
    expect(named).toHaveLength(2);
    await tokenizer.dispose();
  });

  it('refuse what is not all tiles of one picture', async () => {
    const tokenizer = await load();
    const tokens = await encodeTiled(tokenizer, picture(64, 32));
    const other = await encodeTiled(tokenizer, picture(40, 32));
    const plain = await tokenizer.encode(picture(32, 32));
    for (const [items, message] of [
      [[], 'made by encodeTiled'],
      [[plain], 'made by encodeTiled'],
      [[tokens[0]!, plain], 'tiles of one picture'],
      [[tokens[0]!, other[1]!], 'tiles of one picture'],
      [[tokens[1]!], 'tile 0 is missing'],
      [[tokens[0]!, tokens[0]!], 'each of 0 to 1 once'],
    ] as const) {
      const decoded = decodeTiled(tokenizer, items);
      await expect(decoded).rejects.toMatchObject({ name: 'TokensError', message: expect.stringContaining(message) });
    }
    for (const overlap of [-1, 17, 0.5])
      await expect(encodeTiled(tokenizer, picture(64, 32), { overlap })).rejects.toMatchObject({ name: 'InputError' });
    const reason = new Error('stop');
    const stop = new AbortController();
    const aborted = encodeTiled(tokenizer, picture(64, 32), {
      signal: stop.signal,
      onProgress: ({ label }) => label === 'tiles' && stop.abort(reason),
    });
    await expect(aborted).rejects.toBe(reason);
    await tokenizer.dispose();
  });
});
