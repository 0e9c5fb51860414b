import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { byteFrequencies, type ByteModel, frequencyTotal, uniformByteModel } from './byte-model';
import { contextByteModel } from './context-model';
import { equalInfoDecode, equalInfoEncode, tokenWindows, windowTokens } from './equal-info';
import { rangeDecode, rangeEncode } from './range-coder';

const text = 'the cat sat on the mat, the dog sat on the log; das Kätzchen saß 猫は寝る 🐈 '.repeat(6);
const utf8 = new TextEncoder().encode(text);
const random = mulberry32(9);
const noise = Uint8Array.from(random.integers(0, 256, 300));

/** Gives one byte all it can. */
const sure = (byte: number): ByteModel => ({
  start: () => ({
    frequencies: () => Int32Array.from({ length: 256 }, (_, at) => (at === byte ? frequencyTotal - 255 : 1)),
    push: () => undefined,
  }),
});

const models: Readonly<Record<string, ByteModel>> = {
  uniform: uniformByteModel,
  'order 3': contextByteModel(utf8),
  'order 0': contextByteModel(utf8, { order: 0 }),
  untrained: contextByteModel(new Uint8Array(0)),
  'sure of a': sure(97),
  'sure of 255': sure(255),
};
const inputs: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(0),
  text: utf8,
  noise,
  'one byte': Uint8Array.of(255),
  'many a': new Uint8Array(3000).fill(97),
  'many 255': new Uint8Array(700).fill(255),
};

describe.each(Object.entries(models))('with the model %s', (_, model) => {
  it.each(Object.entries(inputs))('%s come back from the range coder', (__, bytes) => {
    expect(rangeDecode(rangeEncode(bytes, model), bytes.length, model)).toEqual(bytes);
  });

  it.each(Object.entries(inputs))('%s come back from windows of every size', (__, bytes) => {
    for (const windowBits of [16, 24, 64, 128]) {
      const part = bytes.subarray(0, 120);
      expect(equalInfoDecode(equalInfoEncode(part, model, { windowBits }), model, { windowBits })).toEqual(part);
    }
  });
});

describe('rangeEncode', () => {
  it('comes near the information of the text', () => {
    const model = models['order 3']!;
    const context = model.start();
    let bits = 0;
    for (const byte of utf8) {
      bits -= Math.log2(context.frequencies()[byte]! / frequencyTotal);
      context.push(byte);
    }
    expect(rangeEncode(utf8, model).length).toBeLessThanOrEqual(Math.ceil(bits / 8) + 5);
  });

  it('refuses codes of another model and short ones', () => {
    const code = rangeEncode(noise, uniformByteModel);
    expect(() => rangeDecode(code.subarray(0, 50), noise.length, uniformByteModel)).toThrow('only 50 bytes');
    expect(() => rangeDecode(new Uint8Array(9).fill(255), 3, uniformByteModel)).toThrow('code of this model');
    expect(() => rangeDecode(code, -1, uniformByteModel)).toThrow('length');
  });
});

describe('equalInfoEncode', () => {
  it('makes windows that do not depend on each other', () => {
    const model = models['order 3']!;
    const windows = equalInfoEncode(utf8, model, { windowBits: 32 });
    const parts = windows.map((window) => [...equalInfoDecode([window], model, { windowBits: 32 })]);
    expect(parts.flat()).toEqual([...utf8]);
    const broken = windows.with(3, windows[3]! ^ 0x7777n);
    const decoded = equalInfoDecode(broken, model, { windowBits: 32 });
    expect(Array.from(decoded.slice(0, parts.slice(0, 3).flat().length))).toEqual(parts.slice(0, 3).flat());
    const behind = parts.slice(4).flat();
    expect(Array.from(decoded.slice(-behind.length))).toEqual(behind);
  });

  it('holds more of a text that the model knows', () => {
    const known = equalInfoEncode(utf8, models['order 3']!).length;
    expect(known).toBeLessThan(equalInfoEncode(utf8, uniformByteModel).length / 1.5);
    expect(equalInfoEncode(new Uint8Array(3000).fill(97), sure(97), { windowBits: 32 }).length).toBeLessThan(4);
  });

  it('decodes any window at all', () => {
    for (let window = 0n; window < 65_536n; window += 397n) {
      expect(equalInfoDecode([window], models['order 3']!).length).toBeGreaterThan(0);
    }
  });

  it('refuses what is no window', () => {
    expect(() => equalInfoDecode([65_536n], uniformByteModel)).toThrow('windows 0');
    expect(() => equalInfoDecode([-1n], uniformByteModel)).toThrow('windows 0');
    expect(() => equalInfoEncode(noise, uniformByteModel, { windowBits: 8 })).toThrow('windowBits');
  });
});

describe('windowTokens', () => {
  it('cuts windows into tokens and joins them again', () => {
    const windows = equalInfoEncode(utf8, models['order 3']!, { windowBits: 32 });
    for (const bits of [8, 16]) {
      const ids = windowTokens(windows, bits, { windowBits: 32 });
      expect(ids).toHaveLength((windows.length * 32) / bits);
      expect(tokenWindows(ids, bits, { windowBits: 32 })).toEqual(windows);
    }
    expect([...windowTokens([0xabcdn], 8)]).toEqual([0xab, 0xcd]);
    expect(() => windowTokens([], 5)).toThrow('divides 16');
    expect(() => tokenWindows([1], 8)).toThrow('multiple of 2');
    expect(() => tokenWindows([256, 0], 8)).toThrow('256 at 0');
  });
});

describe('byteFrequencies', () => {
  it('add up and leave no byte out', () => {
    for (let trial = 0; trial < 20; trial += 1) {
      const frequencies = byteFrequencies(random.uniform(256).map((value) => value ** (trial + 1)));
      expect(frequencies.reduce((sum, value) => sum + value, 0)).toBe(frequencyTotal);
      expect(Math.min(...frequencies)).toBeGreaterThan(0);
    }
    const certain = byteFrequencies(Array.from({ length: 256 }, (_, byte) => (byte === 7 ? 1 : 0)));
    expect(certain[7]).toBe(frequencyTotal - 255);
  });

  it('refuse what is no distribution', () => {
    expect(() => byteFrequencies([1])).toThrow('256 numbers');
    expect(() => byteFrequencies(new Float64Array(256))).toThrow('positive sum');
    expect(() => byteFrequencies(new Float64Array(256).fill(Number.NaN))).toThrow('NaN of byte 0');
    expect(() => contextByteModel(noise, { order: 9 })).toThrow('order');
    const wrong: ByteModel = { start: () => ({ frequencies: () => new Int32Array(256), push: () => undefined }) };
    expect(() => rangeEncode(noise, wrong)).toThrow('sum 65536');
  });
});
