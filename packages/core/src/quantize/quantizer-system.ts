import { modelFunction, type HostTensor, type HostTensors } from '../engine/engine';
import { InputError } from '../errors/input-error';
import { library } from '../library';
import { defineSystem } from '../pretrained/define-system';
import type { Model } from '../pretrained/model';
import type { System } from '../pretrained/system';
import type { Quantizer } from './quantizer';
import { encodeInRowBlocks } from './row-blocks';

/** A quantizer with loaded weights, for vectors on the host. */
export interface LoadedQuantizer<Config> {
  readonly model: Model<Config>;
  /** @throws {InputError} `not-finite` where a vector holds NaN or infinity. */
  encode(vectors: HostTensor): Promise<HostTensors>;
  /** Code vectors of ids (or of bits, where the kind has no ids). */
  decode(tokens: HostTensor): Promise<HostTensor>;
  dispose(): Promise<void>;
}

/** Makes a quantizer loadable on its own: strict loading by official keys, export, inspection and every engine. */
export function quantizerSystem<Config, Params>(
  quantizer: Quantizer<Config, Params>,
): System<Config, LoadedQuantizer<Config>> {
  return defineSystem<Config, Params, LoadedQuantizer<Config>>({
    id: `core/${quantizer.kind}`,
    library,
    presets: {},
    parseConfig: quantizer.parseConfig,
    weights: quantizer.weights,
    functions: (config) => ({
      encode: modelFunction(
        (params: Params) => ({ params }),
        ({ params }, { z }) => quantizer.encode(z!, params, config),
      ),
      decode: modelFunction(
        (params: Params) => ({ params }),
        ({ params }, { tokens }) => ({ codes: quantizer.decode(tokens!, params, config) }),
      ),
    }),
    create: (model) => ({
      model,
      async encode(vectors) {
        assertFinite(vectors, `${quantizer.kind}: vectors`);
        const encode = (z: HostTensor) => model.run('encode', { z });
        return quantizer.takesRows ? encodeInRowBlocks(encode, vectors) : encode(vectors);
      },
      async decode(tokens) {
        const { codes } = await model.run('decode', { tokens });
        return codes!;
      },
      dispose: () => model.dispose(),
    }),
  });
}

function assertFinite({ data }: HostTensor, argument: string): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new InputError(argument, 'finite numbers', `${data[at]} at element ${at}`, { code: 'not-finite' });
}
