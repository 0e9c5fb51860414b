import {
  expected,
  field,
  isAbsent,
  type JsonPlace,
  readChoice,
  readCount,
  readNumber,
  readObject,
} from '../pipeline/json-reader';
import { bertActivations, type BertSizes } from './weights';

export interface BertDefaults {
  readonly epsilon: number;
}

/** Sizes under the names of Hugging Face; absent ones are those of BERT base. @throws {ConfigError} */
export function readBertSizes(place: JsonPlace, { epsilon }: BertDefaults): BertSizes {
  const width = readCount(field(place, 'hidden_size'), 768);
  const heads = readCount(field(place, 'num_attention_heads'), 12);
  if (heads === 0 || width % heads !== 0) {
    throw expected(field(place, 'num_attention_heads'), `a number that divides the width ${width}`);
  }
  return {
    width,
    innerWidth: readCount(field(place, 'intermediate_size'), 3072),
    heads,
    layers: readCount(field(place, 'num_hidden_layers'), 12),
    activation: readChoice(field(place, 'hidden_act'), bertActivations, 'gelu'),
    epsilon: readNumber(field(place, 'layer_norm_eps'), epsilon),
  };
}

/** Labels of a classifier: `num_labels`, or as many as `id2label` names, or 2. @throws {ConfigError} */
export function readLabelCount(place: JsonPlace): number {
  const count = field(place, 'num_labels');
  if (!isAbsent(count)) return readCount(count);
  const names = field(place, 'id2label');
  return isAbsent(names) ? 2 : Object.keys(readObject(names)).length;
}
