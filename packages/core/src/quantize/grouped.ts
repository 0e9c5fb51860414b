import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Host } from '../checkpoint/weight-recipe';
import { ConfigError } from '../errors/config-error';
import { ShapeError } from '../errors/shape-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { defineQuantizer, type Quantizer } from './quantizer';

export interface GroupedConfig<Config> {
  /** Channels of the vectors, those of all groups. */
  readonly dim: number;
  readonly groups: number;
  /** The quantizer of every group, over `dim / groups` channels. */
  readonly group: Config;
}

export interface GroupedParams<Params> {
  readonly groups?: readonly Params[];
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.looseObject({ dim: count, groups: v.nullish(count, 1) });

export interface GroupedOptions<Config> {
  /** Default: `dim`, `groups` (1) and the arguments of one group, whose `dim` is a part of it. */
  readonly parseConfig?: (json: Json) => GroupedConfig<Config>;
  /** Official prefix of a group. Default `rvqs.<index>`. */
  readonly groupKey?: (index: number) => string;
  /** Where ids have the axis of groups. Default 0. */
  readonly tokenAxis?: 0 | -1;
}

/**
 * Equal parts of the channels, each with a quantizer of its own (lucidrains' `GroupedResidual…`).
 *
 * ids have the groups first, `[G, ...]`, where `options` say nothing else.
 *
 * @param kind - `grouped-residual-lfq`.
 */
export function groupedQuantizer<Config, Params>(
  kind: string,
  inner: Quantizer<Config, Params>,
  options: GroupedOptions<Config> = {},
): Quantizer<GroupedConfig<Config>, GroupedParams<Params>> {
  const { groupKey = (index) => `rvqs.${index}`, tokenAxis = 0 } = options;
  const paramsOf = ({ groups }: GroupedParams<Params>, index: number) => groups?.[index] ?? ({} as Params);
  return defineQuantizer<GroupedConfig<Config>, GroupedParams<Params>>({
    kind,
    parseConfig: options.parseConfig ?? ((json) => parseGroups(json, kind, inner)),
    weights: (map, { groups, group }) =>
      ({
        groups: map.list(groups, groupKey, (below) => inner.weights(below, group)),
      }) as Host<GroupedParams<Params>>,
    bitsPerToken: ({ groups, group }) => groups * inner.bitsPerToken(group),
    encode: (z, params, config) =>
      tf.tidy(() => {
        const parts = splitGroups(z, config).map((part, index) =>
          inner.encode(part, paramsOf(params, index), config.group),
        );
        return {
          ...stackOf(parts, tokenAxis),
          codes: tf.concat(
            parts.map(({ codes }) => codes),
            -1,
          ),
        };
      }),
    decode: (tokens, params, { group }) =>
      tf.tidy(() =>
        tf.concat(
          tf.unstack(tokens, tokenAxis).map((part, index) => inner.decode(part, paramsOf(params, index), group)),
          -1,
        ),
      ),
  });
}

function parseGroups<Config>(
  json: Json,
  kind: string,
  inner: Pick<Quantizer<Config, unknown>, 'parseConfig'>,
): GroupedConfig<Config> {
  const { dim, groups, ...args } = parseWith(schema, json, kind);
  if (dim % groups !== 0) throw new ConfigError(`${kind}: dim`, `a multiple of ${groups} groups`, String(dim));
  return { dim, groups, group: inner.parseConfig({ ...(args as object), dim: dim / groups }) };
}

/** The channels of every group. @throws {ShapeError} */
export function splitGroups(z: tf.Tensor, { dim, groups }: GroupedConfig<unknown>): readonly tf.Tensor[] {
  if (z.shape.at(-1) !== dim) throw new ShapeError('grouped quantizer: vectors', `[..., ${dim}]`, z.shape);
  return tf.split(z, groups, -1);
}

function stackOf(parts: readonly { readonly [name: string]: tf.Tensor | undefined }[], axis: number) {
  const stacked: Record<string, tf.Tensor> = {};
  for (const name of Object.keys(parts[0]!)) {
    if (name !== 'codes')
      stacked[name] = tf.stack(
        parts.map((part) => part[name]!),
        axis,
      );
  }
  return stacked;
}
