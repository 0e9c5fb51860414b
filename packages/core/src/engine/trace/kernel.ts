import type { Value } from './graph';
import type { GraphBuilder } from './graph-builder';

export interface KernelCall {
  /** By the names that tfjs gives them: `a`, `b`, `x`, `filter`; a list where tfjs passes a list (Concat, Pack, AddN: `0`, `1`, …). */
  readonly inputs: Readonly<Record<string, Value>>;
  /** tfjs attributes, unchecked: `axis`, `strides`, `pad`. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly graph: GraphBuilder;
}

/** Lowers one tfjs kernel to graph nodes. Gives one value, or as many as the tfjs kernel does. */
export type TraceKernel = (call: KernelCall) => Value | readonly Value[];

/** Keyed by tfjs kernel name, `FusedConv2D`. */
export type KernelTable = Readonly<Record<string, TraceKernel>>;
