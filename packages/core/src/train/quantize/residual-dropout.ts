import { InputError } from '../../errors/input-error';
import { type LayerDropout, layersKept } from '../../quantize/layer-dropout';
import { mersenneTwisterOfKey } from '../../random/mersenne-twister';

/**
 * How many layers a training step keeps, drawn as the official code draws it (`rand_quantize_dropout_fixed_seed` of
 * vector-quantize-pytorch: Python's `random.Random(seed).randrange(cutoff, layers)`).
 *
 * @param seed - A whole number of 0..2^32 - 1.
 * @returns 1 to `layers`.
 * @throws {InputError} Another seed.
 */
export function drawKeptLayers(seed: number, dropout: LayerDropout, layers: number): number {
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new InputError('seed', 'a whole number of 0..2^32 - 1', String(seed));
  }
  const choices = layers - dropout.dropoutCutoff;
  const word = mersenneTwisterOfKey([seed]);
  const bits = 32 - Math.clz32(choices);
  let drawn = choices;
  while (drawn >= choices) drawn = word() >>> (32 - bits);
  return layersKept(dropout.dropoutCutoff + drawn, dropout, layers);
}
