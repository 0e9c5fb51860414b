import { concatBytes, TesseraeError } from '@tesserae/core/data';
import { decode as decodeWithFastPng } from 'fast-png';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { buildPng, exifBlock, pngChunk, type PngPlan, samplesPerPixel } from '../../test/png-builder';
import { decodePng } from './decode-png';

const limit = 1e6;
const read = (bytes: Uint8Array) => decodePng(bytes, 'test.png', limit);

function samplesOf({ width, height, depth, colorType }: Omit<PngPlan, 'samples'>): Uint16Array {
  const values = Uint16Array.from({ length: width * height * samplesPerPixel[colorType] }, (_, i) =>
    Math.imul(i + 3, 40503),
  );
  return values.map((value) => (value >> 2) & (2 ** depth - 1));
}

function plan(fields: Omit<PngPlan, 'samples'>): PngPlan {
  return { ...fields, samples: samplesOf(fields) };
}

const kinds: readonly (readonly [colorType: PngPlan['colorType'], depths: readonly PngPlan['depth'][]])[] = [
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
];

describe('decodePng', () => {
  for (const [colorType, depths] of kinds) {
    for (const depth of depths) {
      for (const interlaced of [false, true]) {
        it(`reads color type ${colorType}, ${depth} bits, ${interlaced ? 'interlaced' : 'plain'}`, async () => {
          const palette = Array.from({ length: 3 * 2 ** Math.min(depth, 8) }, (_, i) => (i * 7) % 256);
          const fields = plan({
            width: 13,
            height: 11,
            depth,
            colorType,
            interlaced,
            filter: 'mixed',
            chunkBytes: 20,
            ...(colorType === 3 ? { palette } : {}),
          });
          const { channels, data } = await read(buildPng(fields));
          const count = samplesPerPixel[colorType];
          const expected: number[] = [];
          for (let pixel = 0; pixel < 13 * 11; pixel++) {
            const s = Array.from({ length: count }, (_, i) => fields.samples[pixel * count + i]!);
            if (colorType === 3) {
              expected.push(...palette.slice(s[0]! * 3, s[0]! * 3 + 3));
            } else {
              const bytes = s.map((value) => {
                if (depth === 16) {
                  return colorType === 0 ? Math.min(255, value) : value >> 8;
                }
                return (value * 255) / (2 ** depth - 1);
              });
              expected.push(...(colorType === 4 ? [bytes[0]!, bytes[0]!, bytes[0]!, bytes[1]!] : bytes));
            }
          }
          expect(channels).toBe({ 0: 1, 2: 3, 3: 3, 4: 4, 6: 4 }[colorType]);
          expect([...data]).toEqual(expected);
        });
      }
    }
  }

  it('agrees with two other decoders', async () => {
    for (const colorType of [0, 2, 6] as const) {
      for (const interlaced of [false, true]) {
        const bytes = buildPng(plan({ width: 9, height: 17, depth: 8, colorType, interlaced, filter: 'mixed' }));
        const ours = await read(bytes);
        expect(ours.data).toEqual(decodeWithFastPng(bytes).data);
        const space = colorType === 0 ? 'b-w' : 'srgb';
        expect(ours.data).toEqual(new Uint8Array(await sharp(bytes).toColourspace(space).raw().toBuffer()));
      }
    }
    const low = buildPng(plan({ width: 21, height: 10, depth: 2, colorType: 0, interlaced: true, filter: 'mixed' }));
    const { data } = await sharp(low).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    expect((await read(low)).data).toEqual(new Uint8Array(data));
  });

  it('turns transparency of palette and color key into alpha', async () => {
    const palette = await read(
      buildPng({
        width: 3,
        height: 1,
        depth: 2,
        colorType: 3,
        samples: [0, 1, 2],
        palette: [1, 2, 3, 4, 5, 6, 7, 8, 9],
        transparency: [0, 99],
      }),
    );
    expect([...palette.data]).toEqual([1, 2, 3, 0, 4, 5, 6, 99, 7, 8, 9, 255]);
    const grey = { width: 3, height: 1, depth: 8, colorType: 0, samples: [5, 6, 7], transparency: [0, 6] } as const;
    expect([...(await read(buildPng(grey))).data]).toEqual([5, 5, 5, 255, 6, 6, 6, 0, 7, 7, 7, 255]);
    const wide = { width: 2, height: 1, depth: 16, colorType: 2, samples: [256, 1, 2, 256, 1, 3] } as const;
    const key = await read(buildPng({ ...wide, transparency: [1, 0, 0, 1, 0, 3] }));
    expect([...key.data]).toEqual([1, 0, 0, 255, 1, 0, 0, 0]);
  });

  it('resolves palette entries that the file does not define as Pillow does', async () => {
    const picture = { width: 2, height: 1, depth: 8, colorType: 3, samples: [0, 200], palette: [1, 2, 3] } as const;
    expect([...(await read(buildPng(picture))).data]).toEqual([1, 2, 3, 200, 200, 200]);
  });

  it('saturates 16-bit grey and says so', async () => {
    const { data, warnings } = await read(
      buildPng({ width: 3, height: 1, depth: 16, colorType: 0, samples: [0, 255, 40000] }),
    );
    expect([...data]).toEqual([0, 255, 255]);
    expect(warnings.join()).toContain('16-bit grey');
  });

  it('reads the orientation of eXIf and passes damaged ones over', async () => {
    const fields = plan({ width: 2, height: 1, depth: 8, colorType: 2 });
    expect((await read(buildPng({ ...fields, exif: exifBlock(6) }))).orientation).toBe(6);
    for (const exif of [exifBlock(0), exifBlock(9), exifBlock(6).subarray(0, 15), new Uint8Array()]) {
      expect((await read(buildPng({ ...fields, exif }))).orientation).toBe(1);
    }
  });

  it('reads 1 x 1 and 20000 x 1', async () => {
    expect((await read(buildPng(plan({ width: 1, height: 1, depth: 8, colorType: 2, interlaced: true })))).width).toBe(
      1,
    );
    const thin = await read(buildPng(plan({ width: 20000, height: 1, depth: 8, colorType: 0 })));
    expect(thin.data).toHaveLength(20000);
  });
});

describe('decodePng with damaged files', () => {
  const fields = plan({ width: 23, height: 9, depth: 8, colorType: 2, filter: 'mixed', chunkBytes: 64 });
  const whole = buildPng(fields);

  it('says which checksum is wrong', async () => {
    const bad = whole.slice();
    bad[bad.length - 18]! ^= 1;
    await expect(read(bad)).rejects.toThrow(/wrong checksum in its IDAT chunk/);
    const badHeader = whole.slice();
    badHeader[19]! ^= 1;
    await expect(read(badHeader)).rejects.toMatchObject({ name: 'InputError', code: 'undecodable' });
  });

  it('refuses a file cut anywhere before the last pixel', async () => {
    // Without the end marker (12 bytes) and the last checksum every pixel is there.
    const lastPixel = whole.length - 12;
    for (let length = 8; length < lastPixel; length++) {
      await expect(read(whole.subarray(0, length))).rejects.toMatchObject({ name: 'InputError', code: 'undecodable' });
    }
    const { data } = await read(whole);
    for (let length = lastPixel; length < whole.length; length++) {
      expect((await read(whole.subarray(0, length))).data).toEqual(data);
    }
  });

  it('never fails with anything but a typed error', async () => {
    let state = 7;
    for (let round = 0; round < 300; round++) {
      const bytes = whole.slice();
      for (let i = 0; i < 3; i++) {
        state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
        bytes[8 + (state % (bytes.length - 8))] = state >> 8;
      }
      const outcome = await read(bytes).catch((error: unknown) => error);
      expect(!(outcome instanceof Error) || TesseraeError.isInstance(outcome)).toBe(true);
    }
  });

  it('checks the size in the header before anything else', async () => {
    const header = (width: number, height: number, type = 2) => {
      const content = new Uint8Array(13);
      new DataView(content.buffer).setUint32(0, width);
      new DataView(content.buffer).setUint32(4, height);
      content.set([8, type], 8);
      return concatBytes([whole.subarray(0, 8), pngChunk('IHDR', content), whole.subarray(33)]);
    };
    await expect(read(header(20000, 20000))).rejects.toMatchObject({ code: 'too-large' });
    await expect(read(header(0xffffffff, 0xffffffff))).rejects.toMatchObject({ code: 'too-large' });
    await expect(read(header(0, 5))).rejects.toMatchObject({ code: 'undecodable' });
    await expect(read(header(5, 5, 3))).rejects.toThrow(/palette pixels without a palette/);
    await expect(read(header(5, 5, 7))).rejects.toThrow(/color type 7/);
    await expect(read(header(990, 990))).rejects.toThrow(/cannot hold/);
  });

  it('stops inflating at the last pixel', async () => {
    const bomb = buildPng({
      ...plan({ width: 4000, height: 200, depth: 8, colorType: 0 }),
      samples: new Uint8Array(8e5),
    });
    const content = new Uint8Array(13);
    new DataView(content.buffer).setUint32(0, 2);
    new DataView(content.buffer).setUint32(4, 2);
    content.set([8, 0], 8);
    const small = concatBytes([bomb.subarray(0, 8), pngChunk('IHDR', content), bomb.subarray(33)]);
    expect((await read(small)).data).toHaveLength(4);
  });

  it('refuses unknown critical chunks and passes unknown others over', async () => {
    const insert = (type: string) =>
      concatBytes([whole.subarray(0, 33), pngChunk(type, Uint8Array.of(1)), whole.subarray(33)]);
    await expect(read(insert('ABCD'))).rejects.toThrow(/unknown critical chunk/);
    expect((await read(insert('abCD'))).width).toBe(23);
  });
});
