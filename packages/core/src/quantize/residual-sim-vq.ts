import * as v from 'valibot';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { dropoutArguments, parseLayerDropout, type LayerDropout } from './layer-dropout';
import { residualQuantizer, type ResidualConfig } from './residual';
import { simVq, type SimVqConfig } from './sim-vq';

export interface ResidualSimVqConfig extends ResidualConfig<SimVqConfig>, LayerDropout {}

const schema = v.looseObject({
  num_quantizers: v.pipe(v.number(), v.integer(), v.minValue(1)),
  heads: v.nullish(v.literal(1), 1),
  ...dropoutArguments,
});

/** @throws {ConfigError} */
function parseConfig(json: Json): ResidualSimVqConfig {
  const where = 'residual simulated vector quantizer';
  const {
    num_quantizers: layers,
    heads: _heads,
    quantize_dropout,
    quantize_dropout_cutoff_index,
    quantize_dropout_multiple_of,
    ...args
  } = parseWith(schema, json, where);
  const layer = simVq.parseConfig(args as Json);
  const dropout = { quantize_dropout, quantize_dropout_cutoff_index, quantize_dropout_multiple_of };
  return {
    layers: Array.from({ length: layers }, () => layer),
    ...parseLayerDropout(dropout, layers, where),
  };
}

/**
 * `residual-sim-vq`: layers of `sim-vq`, each over what the ones before left (lucidrains' `ResidualSimVQ`).
 *
 * `ids` are `[..., Q]`, coarse to fine; `decode` takes the first ones as well, and -1 contributes nothing.
 */
export const residualSimVq = {
  ...residualQuantizer({ kind: 'residual-sim-vq', inner: simVq, parseConfig, layerAxis: -1 }),
  parseConfig,
  takesRows: true as const,
};
