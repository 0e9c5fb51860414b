/**
 * Faults that a file may have and still be read, where the caller names them:
 *
 * - `overlaps`: two tensors or archive members share bytes;
 * - `holes`: bytes between or before them that belong to nobody;
 * - `trailing-bytes`: bytes behind the last one;
 * - `inflation`: compressed members that grow more than a hundredfold.
 *
 * Each hides something from one reader that another one sees, or costs more than it shows: that is why they are
 * refused unless named.
 */
export type Tolerated = 'overlaps' | 'holes' | 'trailing-bytes' | 'inflation';

/** How a reader of files behaves. */
export interface ReaderOptions {
  readonly signal?: AbortSignal;
  /** Default: none. */
  readonly tolerate?: readonly Tolerated[];
}

/** Whether a fault was named. */
export function tolerates({ tolerate = [] }: ReaderOptions, fault: Tolerated): boolean {
  return tolerate.includes(fault);
}

/** What a message adds, so that the reader knows how to go on. */
export function toleranceHint(fault: Tolerated): string {
  return ` (tolerate: ['${fault}'] reads it all the same)`;
}
