import * as v from 'valibot';
import type { IdRemap } from './remap';

/**
 * Official arguments of quantizers whose ids may be remapped; `remap_used` lists what the official `remap` file (and
 * the buffer `used` of a checkpoint) holds.
 */
export const remapArguments = {
  /** A file, which has to be read by the caller. */
  remap: v.nullish(v.null()),
  remap_used: v.nullish(v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.minLength(1))),
  unknown_index: v.nullish(v.union([v.picklist(['extra', 'random']), v.pipe(v.number(), v.integer())]), 'random'),
};

/** The list of used codes, as a field of a configuration: none where all ids stay. */
export function parseRemap(args: v.InferOutput<v.ObjectSchema<typeof remapArguments, undefined>>): {
  readonly remap?: IdRemap;
} {
  const { remap_used: used, unknown_index: unknownIndex } = args;
  return used ? { remap: { used, unknownIndex } } : {};
}
