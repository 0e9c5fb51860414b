import { elementBytes } from './element-types';
import type { Value } from './graph';
import { elementsOf, type TracedGraph } from './traced-graph';

/** Bytes of computed values that live at one time when nodes run in order: what a runtime's arena grows to, about. */
export function peakBytes({ nodes, outputs }: Pick<TracedGraph, 'nodes' | 'outputs'>): number {
  const lastUse = new Map<Value, number>();
  nodes.forEach(({ inputs }, index) => inputs.forEach((value) => value && lastUse.set(value, index)));
  outputs.forEach(({ value }) => lastUse.set(value, nodes.length));
  const ending = new Map<number, number>();
  let live = 0;
  let peak = 0;
  nodes.forEach(({ outputs: made }, index) => {
    for (const value of made) {
      const bytes = elementsOf(value.shape) * elementBytes[value.dtype];
      const end = lastUse.get(value) ?? index;
      live += bytes;
      ending.set(end, (ending.get(end) ?? 0) + bytes);
    }
    peak = Math.max(peak, live);
    live -= ending.get(index) ?? 0;
  });
  return peak;
}
