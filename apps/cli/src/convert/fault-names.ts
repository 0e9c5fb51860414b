import type { Tolerated } from '@tesserae/core';

/** What `--tolerate` takes. */
export const faultNames: readonly Tolerated[] = ['overlaps', 'holes', 'trailing-bytes', 'inflation'];
