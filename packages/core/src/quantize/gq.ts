import { parseFactorizedLfq, type FactorizedLfqConfig } from './factorized-lfq';
import { decodeBinary, encodeBinary, type BinaryParams } from './lfq';
import { defineQuantizer } from './quantizer';

/**
 * Group-wise lookup-free quantization (WeTok, arXiv 2508.05599; `GFQ` in zhuangshaobin/WeTok,
 * `src/WeTok/modules/vqvae/lookup_free_quantize.py`): the channels are `num_codebooks` groups of bits, group after group.
 * ids `[..., G]`, least significant bit first, so flat ids have the groups fastest; `factorized_bits` cut the bits of all
 * groups together. The published models have 8 bits a group. No weights.
 */
export const gqQuantizer = defineQuantizer<FactorizedLfqConfig, BinaryParams>({
  kind: 'gq',
  parseConfig: (json) => parseFactorizedLfq(json, 'gq', true),
  weights: () => ({}),
  bitsPerToken: ({ codebooks, codebookDim }) => codebooks * codebookDim,
  encode: encodeBinary,
  decode: decodeBinary,
});
