import { compositeKernels } from '../../composites';
import { compositeCases } from './composites-cases';
import { describeFamily } from './harness';

describeFamily('composites', compositeKernels, compositeCases);
