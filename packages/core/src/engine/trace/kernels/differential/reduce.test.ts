import { reduceKernels } from '../reduce';
import { describeFamily } from './harness';
import { reduceCases } from './reduce-cases';

describeFamily('reduce', reduceKernels, reduceCases);
