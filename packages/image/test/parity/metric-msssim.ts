import { msSsim, ssim } from '@tesserae/core/metrics';
import type { ParityRunner } from '@tesserae/core/test';
import { imageBatches } from './image-batches';

/** SSIM and, where the case has it, MS-SSIM of `pytorch_msssim`. */
export const runMetricMsssim: ParityRunner = async (test, report) => {
  const { bytes, floats } = imageBatches(test);
  const convention = 'pytorch-msssim';
  report.tensor(
    'ssim_255',
    bytes((a, b) => ssim(a, b, { convention })),
  );
  report.tensor(
    'ssim_01',
    floats((a, b) => ssim(a, b, { convention })),
  );
  report.tensor(
    'ssim_nonneg',
    bytes((a, b) => ssim(a, b, { convention, nonnegative: true })),
  );
  if (test.expects('ms_ssim_255')) {
    report.tensor('ms_ssim_255', bytes(msSsim));
    report.tensor(
      'ms_ssim_win7',
      bytes((a, b) => msSsim(a, b, { windowSize: 7, weights: [0.3, 0.4, 0.3] })),
    );
  }
};
