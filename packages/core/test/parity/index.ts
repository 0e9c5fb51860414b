import type { ParityRunners } from '../../src/test/parity/parity-case';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = {};
