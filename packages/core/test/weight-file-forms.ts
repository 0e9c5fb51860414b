import { safetensorsBytes } from '../src/test/safetensors-bytes';
import { floats, torchLegacy, torchZip } from './attacks/file-writers';
import { dict, tensor } from './attacks/pickle-writer';

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
