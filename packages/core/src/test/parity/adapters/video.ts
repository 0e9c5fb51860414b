import type { Adapter } from './case-json';
import { hubFolderOf } from './weight-files';

/** Intermediate results of the official modules; everything else that a call lists is what a user of the model gets. */
const intermediate =
  /(^|\.)(patch(_first|_rest)?|enc_.*|dec_.*|pre_vq|post_vq|pre_quant|post_quant|projected|bottleneck_out|hidden|block\d+|adaptive|upsample)$/;

/** Video: bare `<call>[.<attention>].<name>`; `inputs` and `outputs` are lists, the latter in order of computation. */
export const adaptVideo: Adapter = ({ inputs = [], outputs = [], call, weights }, files) => ({
  inputs: inputs.map((key) => ({ name: key, key })),
  expectations: outputs.map((key) => ({ name: key, key, role: intermediate.test(key) ? 'tap' : 'output' })),
  calls: call?.calls ?? [{}],
  ...(typeof weights === 'object' && files.includes(weights.file) ? { weights: hubFolderOf(weights.file, files) } : {}),
});
