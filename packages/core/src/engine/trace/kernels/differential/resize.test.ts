import { resizeKernels } from '../resize';
import { describeFamily } from './harness';
import { resizeCases } from './resize-cases';

describeFamily('resize', resizeKernels, resizeCases);
