import { safetensorsBytes } from '../src/test/safetensors-bytes';
import { toHalves } from '../src/tokens/half-float';
import { floats, safetensors, torchLegacy, torchZip } from './attacks/file-writers';
import { bytesOf, dict, tensor } from './attacks/pickle-writer';

export type FloatTensors = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: Float32Array | readonly number[] }>
>;

const bytes = (data: Float32Array | readonly number[]) => floats(...data);

function root(tensors: FloatTensors, container: string | undefined) {
  const state = dict(
    ...Object.entries(tensors).map(([key, { shape }], index) => [key, tensor({ key: String(index), shape })] as const),
  );
  return container === undefined ? state : dict([container, state]);
}

/** The same weights in the forms in which people have them: `container` nests the two pickled ones. */
export function weightFileForms(
  tensors: FloatTensors,
  container?: string,
): Readonly<Record<'model.safetensors' | 'pytorch_model.bin' | 'weights.pth', Uint8Array>> {
  const all = Object.values(tensors);
  return {
    'model.safetensors': safetensorsBytes(
      Object.fromEntries(
        Object.entries(tensors).map(([key, { shape, data }]) => [key, { shape, data: Float32Array.from(data) }]),
      ),
    ),
    'pytorch_model.bin': torchZip(
      root(tensors, container),
      Object.fromEntries(all.map(({ data }, index) => [String(index), bytes(data)])),
    ),
    'weights.pth': torchLegacy(
      root(tensors, container),
      all.map(({ data }, index) => [String(index), data.length, bytes(data)] as const),
    ),
  };
}

/** A safetensors file of 16-bit floats, and the values that they stand for. */
export function halfSafetensors(
  tensors: FloatTensors,
  dtype: 'F16' | 'BF16',
): { readonly halves: Uint8Array; readonly widened: FloatTensors } {
  const entries = Object.entries(tensors).map(([key, { shape, data }]) => {
    const bits = dtype === 'F16' ? toHalves(Float32Array.from(data)) : toBrainFloats(data);
    return { key, shape, bits };
  });
  let position = 0;
  const header = Object.fromEntries(
    entries.map(({ key, shape, bits }) => {
      const start = position;
      position += bits.byteLength;
      return [key, { dtype, shape, data_offsets: [start, position] }];
    }),
  );
  const widen = (bits: Uint16Array) =>
    Float32Array.from(bits, (half) => (dtype === 'F16' ? fromHalf(half) : fromBrainFloat(half)));
  return {
    halves: safetensors(header, bytesOf(...entries.map(({ bits }) => new Uint8Array(bits.buffer)))),
    widened: Object.fromEntries(entries.map(({ key, shape, bits }) => [key, { shape, data: widen(bits) }])),
  };
}

/** The upper half of a float32, cut off. */
function toBrainFloats(data: Float32Array | readonly number[]): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(Float32Array.from(data).buffer);
  return Uint16Array.from(bits, (value) => value >>> 16);
}

function fromBrainFloat(half: number): number {
  return new Float32Array(Uint32Array.of(half << 16).buffer)[0]!;
}

function fromHalf(half: number): number {
  const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
