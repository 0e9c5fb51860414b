import { poolKernels } from '../pool';
import { describeFamily } from './harness';
import { poolCases } from './pool-cases';

describeFamily('pool', poolKernels, poolCases);
