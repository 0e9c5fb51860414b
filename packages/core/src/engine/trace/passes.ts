import { fuseLinear } from './fuse-linear';
import { sinkTransposes } from './sink-transposes';
import { withoutDeadCode, type TracedGraph } from './traced-graph';

/** Everything that is done to a traced graph before it is written. Values do not depend on it. */
export function optimizeGraph(graph: TracedGraph): TracedGraph {
  return fuseLinear(sinkTransposes(withoutDeadCode(graph)));
}
