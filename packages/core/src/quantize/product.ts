import * as v from 'valibot';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { type GroupedConfig, groupedQuantizer, type GroupedParams } from './grouped';
import { multiScaleQuantizer } from './multi-scale';
import type { Quantizer } from './quantizer';
import { vectorQuantizer } from './vector-quantizer';

export type ProductConfig<Config> = GroupedConfig<Config>;
export type ProductParams<Params> = GroupedParams<Params>;

const schema = v.looseObject({ product_quant: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1) });

/**
 * Product quantization (arXiv 2410.01756, XQ-GAN): equal parts of the channels, a codebook each.
 *
 * The arguments are those of one part, whose width counts, and `product_quant`. ids have the parts last, `[..., G]`;
 * official keys begin with `quantizes.<part>.`. XQ-GAN gives every part tokens of its own: lay their channels side by
 * side.
 *
 * @param dimOf - Width of one part.
 */
export function productQuantizer<Config, Params>(
  kind: string,
  inner: Quantizer<Config, Params>,
  dimOf: (config: Config) => number,
): Quantizer<ProductConfig<Config>, ProductParams<Params>> {
  return groupedQuantizer(kind, inner, {
    parseConfig(json) {
      const { product_quant: groups, ...args } = parseWith(schema, json, kind);
      const group = inner.parseConfig(args as Json);
      return { dim: groups * dimOf(group), groups, group };
    },
    groupKey: (index) => `quantizes.${index}`,
    tokenAxis: -1,
  });
}

/** `product-vector`: a plain codebook for each part of the channels. */
export const productVectorQuantizer = productQuantizer('product-vector', vectorQuantizer, ({ dim }) => dim);

/** `product-multi-scale`: scales of residuals for each part of the channels (ImageFolder, XQ-GAN); ids `[B, Σ h·w, G]`. */
export const productMultiScaleQuantizer = productQuantizer(
  'product-multi-scale',
  multiScaleQuantizer,
  ({ dim }) => dim,
);
