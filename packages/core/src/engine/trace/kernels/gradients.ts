import type { KernelTable } from '../kernel';
import { convGradientKernels } from './conv-gradients';
import { poolGradientKernels } from './pool-gradients';
import { resizeGradientKernels } from './resize-gradients';

/** Kernels that only backward passes call. */
export const gradientKernels: KernelTable = {
  ...convGradientKernels,
  ...poolGradientKernels,
  ...resizeGradientKernels,
};
