import { convKernels } from '../conv';
import { convCases } from './conv-cases';
import { describeFamily } from './harness';

describeFamily('conv', convKernels, convCases);
