import { shapeKernels } from '../shape';
import { describeFamily } from './harness';
import { shapeCases } from './shape-cases';

describeFamily('shape', shapeKernels, shapeCases);
