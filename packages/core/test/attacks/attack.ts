/** A hostile file. Opening it and reading all of its tensors has to end in a typed error or in inert data. */
export interface Attack {
  readonly name: string;
  readonly make: () => Uint8Array;
  /** Code of the expected error; absent: opens as inert data. */
  readonly code?: string;
  /** What the message has to name. */
  readonly says?: string;
  /** What the inert data has to look like. */
  readonly keys?: readonly string[];
}
