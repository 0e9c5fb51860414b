import { blendOnWhite, centerCropBox, crop, pillowResize, toGrey, toRgb } from '@tesserae/core/raster';
import type { ParityRunner } from '@tesserae/core/test';
import { admCenterCrop } from '../../src/pipelines/adm-crop';
import { prepareImage } from '../../src/pipelines/pipelines';
import { torchvisionResizeCrop } from '../../src/pipelines/torchvision-crop';
import { varCrop } from '../../src/pipelines/var-crop';
import { planesOf, rasterOf, signalOf, tensorOf } from './rasters';

/** Added to the height by the case, so that the center crop has to pad. */
const extraRows = 5;

/** The preprocessing functions of the 2D tokenizers, exactly. */
export const runPreprocess2d: ParityRunner = async (test, report) => {
  const { size } = test.config as unknown as { readonly size: number };
  const image = rasterOf(test.input('u8'));
  const rgb = toRgb(image);
  const exact = { tolerance: 0 } as const;
  const padded = centerCropBox(image.width, image.height, size, image.height + extraRows);
  const rasters = {
    adm_center_crop: admCenterCrop(rgb, size),
    var_val: varCrop(rgb, size),
    torchvision_bilinear_resize_center_crop: torchvisionResizeCrop(rgb, size, 'bilinear'),
    torchvision_bicubic_resize_center_crop: torchvisionResizeCrop(rgb, size, 'bicubic'),
    torchvision_nearest_square: pillowResize(rgb, size, size, 'nearest'),
    torchvision_center_crop_padded: crop(rgb, padded),
    chameleon_whitened: blendOnWhite(image),
  };
  for (const [name, raster] of Object.entries(rasters)) {
    report.tensor(name, tensorOf(raster), 'as-is', exact);
  }
  const { data } = toGrey(rgb);
  report.tensor('grey_L', { shape: [image.height, image.width], data: Int32Array.from(data) }, 'as-is', exact);
  const floats = { adm_normalised: `adm-${size}-pm1`, chameleon_input: `chameleon-${size}` };
  for (const [name, pipeline] of Object.entries(floats)) {
    const { inputs } = await prepareImage(signalOf(test.input('u8')), pipeline);
    report.tensor(name, planesOf(inputs.image), 'as-is', exact);
  }
};
