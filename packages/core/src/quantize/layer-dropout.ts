import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';

/** Training of residual quantizers with fewer layers now and then, one number of layers for the whole batch. */
export interface LayerDropout {
  /** Whether layers are dropped at all; decoding takes fewer ids than layers in any case. */
  readonly dropsLayers: boolean;
  /** Lowest index of the last layer kept. */
  readonly dropoutCutoff: number;
  /** The number of layers kept is a multiple of this. */
  readonly dropoutMultiple: number;
}

const natural = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Arguments of lucidrains' residual quantizers that describe a {@link LayerDropout}. */
export const dropoutArguments = {
  quantize_dropout: v.nullish(v.boolean(), false),
  quantize_dropout_cutoff_index: v.nullish(natural, 0),
  quantize_dropout_multiple_of: v.nullish(v.pipe(natural, v.minValue(1)), 1),
};

/** @throws {ConfigError} The lowest number of layers is more than there are. */
export function parseLayerDropout(
  args: Partial<v.InferOutput<v.ObjectSchema<typeof dropoutArguments, undefined>>>,
  layers: number,
  where: string,
): LayerDropout {
  const cutoff = args.quantize_dropout_cutoff_index ?? 0;
  if (cutoff >= layers) {
    throw new ConfigError(`${where}: quantize_dropout_cutoff_index`, `below ${layers} layers`, `${cutoff}`);
  }
  return {
    dropsLayers: (args.quantize_dropout ?? false) && layers > 1,
    dropoutCutoff: cutoff,
    dropoutMultiple: args.quantize_dropout_multiple_of ?? 1,
  };
}

/**
 * Layers that remain when the draw of a step is `index` (of the last layer kept): rounded up to the multiple.
 *
 * @param index - `dropoutCutoff..layers - 1`.
 * @returns 1 to the number of layers.
 */
export function layersKept(index: number, { dropoutMultiple }: LayerDropout, layers: number): number {
  return Math.min(layers, Math.ceil((index + 1) / dropoutMultiple) * dropoutMultiple);
}
