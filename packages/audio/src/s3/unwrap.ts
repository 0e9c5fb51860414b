import { type Checkpoint, renameKeys, unwrapCheckpoint } from '@tesserae/core';
import { officialOnnx } from './official-onnx';

/** Where a whole speech model keeps its tokenizer (`s3gen.safetensors` of Chatterbox). */
const nested = 'tokenizer.';
/** Of its front end, which is computed here. */
const frontEnd = new Set(['_mel_filters', 'window']);

/** Finds the tokenizer in a file of any published form, under the official keys. */
export function unwrap(checkpoint: Checkpoint): Checkpoint {
  if (checkpoint.format === 'onnx') return officialOnnx(checkpoint);
  const inner = unwrapCheckpoint(checkpoint);
  const keys = inner.keys();
  const prefix = keys.some((key) => key.startsWith(`${nested}encoder.`)) ? nested : '';
  const own = keys.flatMap((key) => {
    const name = key.slice(prefix.length);
    return key.startsWith(prefix) && !frontEnd.has(name) ? [[name, key] as const] : [];
  });
  return renameKeys(inner, new Map(own));
}
