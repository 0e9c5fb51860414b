import { psnr, ssim } from '@tesserae/core/metrics';
import type { ParityRunner } from '@tesserae/core/test';
import { imageBatches } from './image-batches';

/** PSNR and SSIM in the conventions of the published scripts. */
export const runMetricPsnrSsim: ParityRunner = async (test, report) => {
  const { bytes, floats } = imageBatches(test);
  report.tensor('psnr_uint8', bytes(psnr));
  report.tensor('psnr_float01', floats(psnr));
  report.tensor(
    'ssim_llamagen_range2',
    bytes((a, b) => ssim(a, b, { convention: 'llamagen' })),
  );
  report.tensor('ssim_float01_range1', floats(ssim));
  report.tensor('ssim_uint8_range255', bytes(ssim));
  report.tensor(
    'ssim_gaussian_wang',
    floats((a, b) => ssim(a, b, { convention: 'wang' })),
  );
};
