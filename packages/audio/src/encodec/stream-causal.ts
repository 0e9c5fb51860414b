import type { Model, Tokenizer } from '@tesserae/core';
import { type AudioInput, type AudioSignal, Tokens } from '@tesserae/core/data';
import type { AudioStreamDecoder } from '../tokenizer/audio-tokenizer';
import { causalDecoder, type CausalDecoderFacts } from '../tokenizer/causal-decoder';
import { canStreamDecode, type EncodecConfig } from './config';

/**
 * `decodeStream` of a whole-clip model: exact, a window at a time, where nothing in the decoder looks ahead; otherwise
 * all at the end.
 */
export function clipDecoder(
  model: Model<EncodecConfig>,
  tokenizer: Pick<Tokenizer<AudioInput, AudioSignal>, 'decode' | 'info'>,
  facts: CausalDecoderFacts,
): AudioStreamDecoder['decodeStream'] {
  if (canStreamDecode(model.config)) {
    return causalDecoder(model, tokenizer.info, facts);
  }
  return async function* decodeStream(chunks, { exact: _, windowSeconds: __, ...options } = {}) {
    const all: Tokens[] = [];
    for await (const chunk of chunks) all.push(chunk);
    if (all.length > 0) yield await tokenizer.decode(Tokens.join(all), options);
  };
}
