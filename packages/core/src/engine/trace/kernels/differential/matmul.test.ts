import { matmulKernels } from '../matmul';
import { describeFamily } from './harness';
import { matmulCases } from './matmul-cases';

describeFamily('matmul', matmulKernels, matmulCases);
