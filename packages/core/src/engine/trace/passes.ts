import { withoutDeadCode, type TracedGraph } from './traced-graph';

/** Everything that is done to a traced graph before it is written. Results do not depend on it. */
export function optimizeGraph(graph: TracedGraph): TracedGraph {
  return withoutDeadCode(graph);
}
