import { gradientKernels } from '../gradients';
import { gradientCases } from './gradients-cases';
import { describeFamily } from './harness';

describeFamily('gradients', gradientKernels, gradientCases);
