import type { ImageSignal } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { imageFromFloats, parsePipeline, pipelineNames, prepareImage } from './pipelines';
import { undoFit } from './undo-fit';

function image(width: number, height: number, channels: 1 | 3 | 4 = 3): ImageSignal {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
  return { modality: 'image', width, height, channels, data };
}

const flat = (width: number, height: number, value: number): ImageSignal => ({
  modality: 'image',
  width,
  height,
  channels: 1,
  data: new Uint8Array(width * height).fill(value),
});

describe('parsePipeline', () => {
  it('reads every documented form at any size', () => {
    for (const pattern of pipelineNames()) {
      const name = pattern.replace(/\[.*\]/, '').replace(/<.*>/, '72');
      expect(parsePipeline(name).name).toBe(name);
    }
    expect(parsePipeline('pil-bilinear-256-pm1')).toMatchObject({ kind: 'recipe', size: 256, range: 'pm1' });
    expect(parsePipeline('pm1-1024')).toMatchObject({ size: 1024, range: 'pm1' });
    expect(parsePipeline('native-16-pm1')).toMatchObject({ kind: 'native', multiple: 16, range: 'pm1' });
    expect(parsePipeline('none-pm1')).toMatchObject({ kind: 'none', range: 'pm1' });
  });

  it('lists what exists for everything else', () => {
    for (const name of [
      '',
      'bicubic',
      'pil-bicubic',
      'pil-bicubic-0',
      'pil-bicubic-1e3',
      'adm-256-xyz',
      'toString-2',
    ]) {
      expect(() => parsePipeline(name)).toThrow(/pil-bicubic-<size>/);
    }
    expect(() => parsePipeline('adm-99999')).toThrow(/adm-<size>/);
  });
});

describe('prepareImage', () => {
  it('F024: reports what was scaled and cut', async () => {
    const { inputs, source } = await prepareImage(image(640, 360), 'pil-bicubic-256');
    expect(inputs.image.shape).toEqual([1, 256, 256, 3]);
    expect(source).toEqual({
      modality: 'image',
      width: 640,
      height: 360,
      pipeline: 'pil-bicubic-256',
      // 640 x 360 becomes 455 x 256, of which columns 100 to 356 are kept.
      extra: { fit: 'crop', crop: [140.659, 0, 500.747, 360], scale: [0.710938, 0.711111], pad: [0, 0, 0, 0] },
    });
  });

  it('gives float32 in the range of the name', async () => {
    const value = async (pipeline: string) => (await prepareImage(flat(3, 3, 255), pipeline)).inputs.image.data[0];
    expect(await value('pil-bicubic-2')).toBe(1);
    expect(await value('pil-bicubic-2-pm1')).toBe(1);
    expect(await value('dalle-2')).toBeCloseTo(0.9, 6);
    expect(await value('adm-2-clip')).toBeCloseTo((1 - 0.48145466) / 0.26862954, 5);
    expect((await prepareImage(flat(3, 3, 0), 'var-2-pm1')).inputs.image.data[0]).toBe(-1);
  });

  it('takes 1 x 1 and 20000 x 1 through every recipe', async () => {
    for (const pipeline of ['pil-bicubic-64', 'pil-lanczos-64', 'adm-64', 'var-64', 'dalle-64-unit', 'crop-64']) {
      for (const [width, height] of [
        [1, 1],
        [20000, 1],
        [1, 20000],
      ] as const) {
        const { inputs } = await prepareImage(flat(width, height, 51), pipeline);
        expect(inputs.image.shape).toEqual([1, 64, 64, 3]);
        expect(inputs.image.data[(31 * 64 + 31) * 3]).toBe(Math.fround(51 / 255));
      }
    }
  });

  it('treats bytes, clamped bytes and floats of bytes alike', async () => {
    const bytes = image(50, 41);
    const clamped: ImageSignal = { ...bytes, data: Uint8ClampedArray.from(bytes.data) };
    const floats: ImageSignal = { ...bytes, data: Float32Array.from(bytes.data, (value) => value / 255) };
    const expected = (await prepareImage(bytes, 'adm-16')).inputs.image.data;
    expect((await prepareImage(clamped, 'adm-16')).inputs.image.data).toEqual(expected);
    expect((await prepareImage(floats, 'adm-16')).inputs.image.data).toEqual(expected);
  });

  it('passes floats through `none` unrounded', async () => {
    const data = Float32Array.of(0.1234567, 0, 1);
    const { inputs } = await prepareImage({ modality: 'image', width: 1, height: 1, channels: 3, data }, 'none');
    expect(inputs.image.data).toEqual(data);
    const grey = { modality: 'image', width: 3, height: 1, channels: 1, data } as const;
    expect((await prepareImage(grey, 'none')).inputs.image.data[2]).toBe(data[0]);
  });

  it('names the nearest valid size when `none` does not fit', async () => {
    const wrong = (input: ImageSignal, options: object) => prepareImage(input, 'none', options);
    await expect(wrong(image(5, 5), { size: 8 })).rejects.toMatchObject({
      code: 'unsupported-size',
      message: /nearest valid size 8 x 8/,
    });
    await expect(wrong(image(30, 5), { multiple: 16 })).rejects.toThrow(/nearest valid size 32 x 16/);
    await expect(prepareImage(image(5, 5), 'none-8')).rejects.toThrow(/8 x 8/);
    expect((await wrong(image(32, 16), { multiple: 16 })).inputs.image.shape).toEqual([1, 16, 32, 3]);
  });

  it('says that alpha was dropped, or blends it', async () => {
    const clear: ImageSignal = { modality: 'image', width: 1, height: 1, channels: 4, data: Uint8Array.of(0, 0, 0, 0) };
    const dropped = await prepareImage(clear, 'none');
    expect([dropped.inputs.image.data[0], dropped.source.extra]).toMatchObject([0, { alpha: 'dropped' }]);
    const blended = await prepareImage(clear, 'chameleon-1');
    expect([blended.inputs.image.data[0], blended.source.extra]).toMatchObject([1, { alpha: 'blended on white' }]);
    const opaque: ImageSignal = { ...clear, data: Uint8Array.of(0, 0, 0, 255) };
    expect((await prepareImage(opaque, 'none')).source.extra).not.toHaveProperty('alpha');
  });

  it('refuses NaN and an unknown fit', async () => {
    const data = new Float32Array(3).fill(Number.NaN);
    const broken: ImageSignal = { modality: 'image', width: 1, height: 1, channels: 3, data };
    await expect(prepareImage(broken, 'none')).rejects.toMatchObject({ code: 'not-finite' });
    await expect(prepareImage(image(2, 2), 'adm-2', { fit: 'tiles' as 'pad' })).rejects.toThrow(/prepareTiles/);
  });
});

describe('fit', () => {
  it('pad keeps everything and comes back', async () => {
    const { inputs, source } = await prepareImage(flat(40, 20, 51), 'pil-bicubic-16', { fit: 'pad' });
    expect(source.extra).toEqual({ fit: 'pad', crop: [0, 0, 40, 20], scale: [0.4, 0.4], pad: [0, 4, 0, 4] });
    expect(new Set(inputs.image.data)).toEqual(new Set([Math.fround(0.2)]));
    const decoded = imageFromFloats(inputs.image, 'round');
    expect(undoFit(decoded, source)).toMatchObject({ width: 16, height: 8 });
    expect(undoFit(decoded, source, { resize: true })).toMatchObject({ width: 40, height: 20 });
  });

  it('squash keeps everything but the aspect', async () => {
    const { inputs, source } = await prepareImage(image(40, 20), 'pil-bicubic-16', { fit: 'squash' });
    expect(source.extra).toEqual({ fit: 'squash', crop: [0, 0, 40, 20], scale: [0.4, 0.8], pad: [0, 0, 0, 0] });
    const decoded = imageFromFloats(inputs.image, 'round');
    expect(undoFit(decoded, source, { resize: true })).toMatchObject({ width: 40, height: 20 });
  });

  it('native pads to the multiple and gives every pixel back', async () => {
    const original = image(37, 18);
    const { inputs, source } = await prepareImage(original, 'native-16');
    expect(inputs.image.shape).toEqual([1, 32, 48, 3]);
    expect(source.extra).toEqual({ fit: 'native', crop: [0, 0, 37, 18], scale: [1, 1], pad: [0, 0, 11, 14] });
    expect(undoFit(imageFromFloats(inputs.image, 'round'), source)).toEqual(original);
    expect((await prepareImage(original, 'native', { multiple: 8 })).inputs.image.shape).toEqual([1, 24, 40, 3]);
  });

  it('undoFit refuses facts of another picture', () => {
    const source = { modality: 'image', width: 1, height: 1, pipeline: 'x' } as const;
    expect(() => undoFit(image(4, 4), source)).toThrow(/recorded by prepareImage/);
    const padded = { ...source, extra: { crop: [0, 0, 1, 1], pad: [2, 0, 2, 0] } };
    expect(() => undoFit(image(4, 4), padded)).toThrow(/larger than its padding/);
  });
});

describe('imageFromFloats', () => {
  const floats = (...values: number[]) => ({ shape: [1, 1, values.length, 1], data: Float32Array.from(values) });

  it('clamps, truncates or rounds half to even', () => {
    const tensor = floats(-1, 0.5, 0.9999, 2, 2.5 / 255, 3.5 / 255);
    expect([...imageFromFloats(tensor, 'truncate').data]).toEqual([0, 127, 254, 255, 2, 3]);
    expect([...imageFromFloats(tensor, 'round').data.subarray(0, 4)]).toEqual([0, 128, 255, 255]);
  });

  it('gives every byte back, both ways', () => {
    const bytes = Array.from({ length: 256 }, (_, i) => i);
    const unit = floats(...bytes.map((byte) => Math.fround(byte / 255)));
    expect([...imageFromFloats(unit, 'round').data]).toEqual(bytes);
    const signed = floats(...bytes.map((byte) => byte / 127.5 - 1));
    expect([...imageFromFloats(signed, 'round', 'pm1').data]).toEqual(bytes);
    // 127.5 x + 128 truncated is 127.5 x + 127.5 rounded half up.
    expect([...imageFromFloats(signed, 'truncate', 'pm1-ldm').data]).toEqual(bytes);
    expect([...imageFromFloats(floats(-9, 9), 'truncate', 'pm1-ldm').data]).toEqual([0, 255]);
  });

  it('refuses other shapes and values that are no numbers', () => {
    const data = new Float32Array(6);
    for (const shape of [[1, 2, 3], [2, 1, 1, 3], [1, 1, 3, 2], [1, 1, 1, 3], []]) {
      expect(() => imageFromFloats({ shape, data }, 'round')).toThrow(/imageFromFloats/);
    }
    expect(() => imageFromFloats(floats(0, Number.NaN), 'round')).toThrow(/NaN at 1/);
  });
});
