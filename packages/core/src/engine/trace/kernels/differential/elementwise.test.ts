import { elementwiseKernels } from '../elementwise';
import { elementwiseCases } from './elementwise-cases';
import { describeFamily } from './harness';

describeFamily('elementwise', elementwiseKernels, elementwiseCases);
