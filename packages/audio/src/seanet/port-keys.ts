/**
 * Keys of a SEANet as the transformers port names them, under their official names: `layers.3.conv.weight_g` becomes
 * `model.3.conv.conv.weight_g`, `layers.3.block.1.conv.bias` `model.3.block.1.conv.conv.bias`.
 *
 * @param key - Below `encoder.` or `decoder.`.
 * @param isTransposed - Whether a layer of this number is a transposed convolution.
 */
export function officialSeanetKey(key: string, isTransposed: (layer: number) => boolean = () => false): string {
  const found = /^layers\.(\d+)\.((?:block\.\d+\.|shortcut\.)?)(?:(conv|norm)\.)?(.*)$/.exec(key);
  if (!found) return key;
  const [, layer, place, kind, leaf] = found as unknown as readonly [
    string,
    string,
    string,
    string | undefined,
    string,
  ];
  if (kind === undefined) return `model.${layer}.${place}${leaf}`;
  const name = place === '' && isTransposed(Number(layer)) ? 'convtr' : 'conv';
  return `model.${layer}.${place}${name}.${kind === 'conv' ? name : 'norm'}.${leaf}`;
}

/**
 * Which layers of a decoder are transposed convolutions: those that stand by themselves, except for the first and the
 * last.
 *
 * @param keys - Of the whole model, in the names of the port.
 */
export function transposedLayers(keys: readonly string[]): (layer: number) => boolean {
  const layers = keys.flatMap((key) => {
    const found = /^decoder\.layers\.(\d+)\.conv\./.exec(key);
    return found ? [Number(found[1])] : [];
  });
  const last = Math.max(...layers);
  return (layer) => layer !== 0 && layer !== last;
}
