import type { HostTensor, HostTensors } from '../../src/engine/engine';
import type { Quantizer } from '../../src/quantize/quantizer';
import { quantizerSystem } from '../../src/quantize/quantizer-system';
import type { ParityCase } from '../../src/test/parity/parity-case';

export interface OpenQuantizer {
  encode(z: HostTensor): Promise<HostTensors>;
  decode(tokens: HostTensor): Promise<HostTensor>;
}

/** The quantizer of a case, with the weights of the case through the ordinary loader where it has any. */
export async function openQuantizer<Config, Params>(
  test: ParityCase,
  quantizer: Quantizer<Config, Params>,
  config: Config,
): Promise<OpenQuantizer> {
  const { files = [] } = test.facts as { readonly files?: readonly string[] };
  if (files.some((file) => file !== 'io.safetensors')) {
    const model = await test.load(quantizerSystem(quantizer), { config });
    return {
      encode: (z) => model.run('encode', { z }),
      decode: async (tokens) => (await model.run('decode', { tokens }))['codes']!,
    };
  }
  const none = {} as Params;
  return {
    encode: (z) => test.evaluate((inputs) => quantizer.encode(inputs['z']!, none, config), { z }),
    async decode(tokens) {
      const decoded = await test.evaluate((inputs) => ({ codes: quantizer.decode(inputs['tokens']!, none, config) }), {
        tokens,
      });
      return decoded['codes']!;
    },
  };
}
