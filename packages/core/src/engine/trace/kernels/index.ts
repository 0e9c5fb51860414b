import { compositeKernels } from '../composites';
import type { KernelTable } from '../kernel';
import { convKernels } from './conv';
import { elementwiseKernels } from './elementwise';
import { gatherKernels } from './gather';
import { gradientKernels } from './gradients';
import { matmulKernels } from './matmul';
import { poolKernels } from './pool';
import { reduceKernels } from './reduce';
import { resizeKernels } from './resize';
import { shapeKernels } from './shape';

/** Every tfjs kernel and composite that can be compiled. */
export const kernels: KernelTable = {
  ...elementwiseKernels,
  ...reduceKernels,
  ...shapeKernels,
  ...gatherKernels,
  ...matmulKernels,
  ...convKernels,
  ...poolKernels,
  ...resizeKernels,
  ...gradientKernels,
  ...compositeKernels,
};
