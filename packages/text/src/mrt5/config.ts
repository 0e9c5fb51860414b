import type { Json } from '@tesserae/core';
import { field, isAbsent, jsonPlace, readBoolean, readChoice, readCount, readNumber } from '../pipeline/json-reader';

const deletionTypes = ['scaled_sigmoid', 'log_sigmoid', 'random', 'fixed'] as const;

/** What a delete gate of MrT5 is; the rest of the model is a ByT5. */
export interface Mrt5Config {
  /** Width of the hidden states. */
  readonly width: number;
  /** What decides: a learned gate with one of two activations, chance, or a share of every word. */
  readonly deletionType: (typeof deletionTypes)[number];
  /** Value of a gate that deletes, negative: `k` in `k · σ(-logit)`. */
  readonly scale: number;
  /** Positions with a gate of this or less are deleted; half the scale where the file has none. */
  readonly threshold: number;
  /** Whether the gate normalizes what it sees. */
  readonly hasNorm: boolean;
  /** Index of the encoder block that holds the gate and reads its input, from 0. */
  readonly layer: number;
  /** Whether attention may add up to less than 1. */
  readonly usesSoftmax1: boolean;
  /** Mean share of deleted tokens of the random gate, 0..1. */
  readonly randomProbability: number;
  /** Share of deleted tokens of the fixed gate, 0..1. */
  readonly fixedAmount: number;
}

/** Reads `config.json` of an MrT5; absent fields have the values of the configuration class. @throws {ConfigError} */
export function parseConfig(json: Json): Mrt5Config {
  const place = jsonPlace(json, 'mrt5 config.json: ');
  const width = field(place, 'd_model');
  const scale = readNumber(field(place, 'sigmoid_mask_scale'), -10);
  return {
    width: readCount(isAbsent(width) ? field(place, 'hidden_size') : width),
    deletionType: readChoice(field(place, 'deletion_type'), deletionTypes, 'scaled_sigmoid'),
    scale,
    threshold: readNumber(field(place, 'deletion_threshold'), scale / 2),
    hasNorm: readBoolean(field(place, 'gate_layer_norm'), true),
    layer: readCount(field(place, 'delete_gate_layer'), 2),
    usesSoftmax1: readBoolean(field(place, 'use_softmax1'), false),
    randomProbability: readNumber(field(place, 'random_deletion_probability'), 0.5),
    fixedAmount: readNumber(field(place, 'fixed_deletion_amount'), 0.5),
  };
}
