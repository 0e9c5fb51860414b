/** Shape of every tensor of a feature extractor, by official key. */
export type TrunkShapes = Readonly<Record<string, readonly number[]>>;

type Convolution = readonly [key: string, out: number, inputs: number, height: number, width: number];

function plainConvolutions(list: readonly Convolution[]): TrunkShapes {
  return Object.fromEntries(
    list.flatMap(([key, out, inputs, height, width]) => [
      [`${key}.weight`, [out, inputs, height, width]],
      [`${key}.bias`, [out]],
    ]),
  );
}

/** `net.*` of LPIPS with the AlexNet trunk: torchvision's `features`, cut into five slices that keep their numbers. */
export function alexTrunk(): TrunkShapes {
  return plainConvolutions([
    ['net.slice1.0', 64, 3, 11, 11],
    ['net.slice2.3', 192, 64, 5, 5],
    ['net.slice3.6', 384, 192, 3, 3],
    ['net.slice4.8', 256, 384, 3, 3],
    ['net.slice5.10', 256, 256, 3, 3],
  ]);
}

/** `net.*` of LPIPS with the VGG-16 trunk. */
export function vggTrunk(): TrunkShapes {
  const layers: readonly (readonly [slice: number, layer: number, out: number, inputs: number])[] = [
    [1, 0, 64, 3], [1, 2, 64, 64],
    [2, 5, 128, 64], [2, 7, 128, 128],
    [3, 10, 256, 128], [3, 12, 256, 256], [3, 14, 256, 256],
    [4, 17, 512, 256], [4, 19, 512, 512], [4, 21, 512, 512],
    [5, 24, 512, 512], [5, 26, 512, 512], [5, 28, 512, 512],
  ]; // prettier-ignore
  return plainConvolutions(
    layers.map(([slice, layer, out, inputs]) => [`net.slice${slice}.${layer}`, out, inputs, 3, 3]),
  );
}

/** torchvision's `InceptionV3` with 1008 classes and without auxiliary head, as pytorch-fid builds it. */
export function inceptionTrunk(): TrunkShapes {
  const convolutions: Convolution[] = [
    ['Conv2d_1a_3x3', 32, 3, 3, 3],
    ['Conv2d_2a_3x3', 32, 32, 3, 3],
    ['Conv2d_2b_3x3', 64, 32, 3, 3],
    ['Conv2d_3b_1x1', 80, 64, 1, 1],
    ['Conv2d_4a_3x3', 192, 80, 3, 3],
    ...inceptionA('Mixed_5b', 192, 32),
    ...inceptionA('Mixed_5c', 256, 64),
    ...inceptionA('Mixed_5d', 288, 64),
    ['Mixed_6a.branch3x3', 384, 288, 3, 3],
    ['Mixed_6a.branch3x3dbl_1', 64, 288, 1, 1],
    ['Mixed_6a.branch3x3dbl_2', 96, 64, 3, 3],
    ['Mixed_6a.branch3x3dbl_3', 96, 96, 3, 3],
    ...inceptionC('Mixed_6b', 128),
    ...inceptionC('Mixed_6c', 160),
    ...inceptionC('Mixed_6d', 160),
    ...inceptionC('Mixed_6e', 192),
    ['Mixed_7a.branch3x3_1', 192, 768, 1, 1],
    ['Mixed_7a.branch3x3_2', 320, 192, 3, 3],
    ['Mixed_7a.branch7x7x3_1', 192, 768, 1, 1],
    ['Mixed_7a.branch7x7x3_2', 192, 192, 1, 7],
    ['Mixed_7a.branch7x7x3_3', 192, 192, 7, 1],
    ['Mixed_7a.branch7x7x3_4', 192, 192, 3, 3],
    ...inceptionE('Mixed_7b', 1280),
    ...inceptionE('Mixed_7c', 2048),
  ];
  const normalized = convolutions.flatMap(([key, out, inputs, height, width]) => [
    [`${key}.conv.weight`, [out, inputs, height, width]],
    ...['weight', 'bias', 'running_mean', 'running_var'].map((name) => [`${key}.bn.${name}`, [out]]),
    [`${key}.bn.num_batches_tracked`, []],
  ]);
  return { ...Object.fromEntries(normalized), 'fc.weight': [1008, 2048], 'fc.bias': [1008] };
}

function inceptionA(block: string, inputs: number, poolFeatures: number): readonly Convolution[] {
  return [
    [`${block}.branch1x1`, 64, inputs, 1, 1],
    [`${block}.branch5x5_1`, 48, inputs, 1, 1],
    [`${block}.branch5x5_2`, 64, 48, 5, 5],
    [`${block}.branch3x3dbl_1`, 64, inputs, 1, 1],
    [`${block}.branch3x3dbl_2`, 96, 64, 3, 3],
    [`${block}.branch3x3dbl_3`, 96, 96, 3, 3],
    [`${block}.branch_pool`, poolFeatures, inputs, 1, 1],
  ];
}

function inceptionC(block: string, width: number): readonly Convolution[] {
  return [
    [`${block}.branch1x1`, 192, 768, 1, 1],
    [`${block}.branch7x7_1`, width, 768, 1, 1],
    [`${block}.branch7x7_2`, width, width, 1, 7],
    [`${block}.branch7x7_3`, 192, width, 7, 1],
    [`${block}.branch7x7dbl_1`, width, 768, 1, 1],
    [`${block}.branch7x7dbl_2`, width, width, 7, 1],
    [`${block}.branch7x7dbl_3`, width, width, 1, 7],
    [`${block}.branch7x7dbl_4`, width, width, 7, 1],
    [`${block}.branch7x7dbl_5`, 192, width, 1, 7],
    [`${block}.branch_pool`, 192, 768, 1, 1],
  ];
}

function inceptionE(block: string, inputs: number): readonly Convolution[] {
  return [
    [`${block}.branch1x1`, 320, inputs, 1, 1],
    [`${block}.branch3x3_1`, 384, inputs, 1, 1],
    [`${block}.branch3x3_2a`, 384, 384, 1, 3],
    [`${block}.branch3x3_2b`, 384, 384, 3, 1],
    [`${block}.branch3x3dbl_1`, 448, inputs, 1, 1],
    [`${block}.branch3x3dbl_2`, 384, 448, 3, 3],
    [`${block}.branch3x3dbl_3a`, 384, 384, 1, 3],
    [`${block}.branch3x3dbl_3b`, 384, 384, 3, 1],
    [`${block}.branch_pool`, 192, inputs, 1, 1],
  ];
}
