import type { Host, WeightMap } from '@tesserae/core';
import type { LinearParams, NormParams } from '@tesserae/core/nn';
import type { Mrt5Config } from './config';

/** A learned gate; `norm` has no offset. Random and fixed gates have neither. */
export interface DeleteGateParams {
  readonly norm?: NormParams;
  readonly logit?: LinearParams;
}

/** Reads the gate out of a whole model: all other tensors are left to the ByT5 that they make up. */
export function readWeights(map: WeightMap, config: Mrt5Config): Host<DeleteGateParams> {
  const key = `encoder.block.${config.layer}.delete_gate`;
  map.ignore(/^(?!encoder\.block\.\d+\.delete_gate\.)/u);
  if (config.deletionType === 'random' || config.deletionType === 'fixed') return {};
  const gate = map.at(key);
  return {
    ...(config.hasNorm && { norm: gate.norm('layer_norm', config.width, { bias: false }) }),
    logit: gate.linear('feed_forward', config.width, 1),
  };
}
