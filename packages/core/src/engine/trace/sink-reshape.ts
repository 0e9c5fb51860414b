import type { Value } from './graph';
import type { GraphRecorder } from './graph-recorder';

/** Axes of the transposed tensor that together make some axes of the reshaped one. */
interface AxisGroup {
  readonly from: number[];
  readonly to: number[];
}

/**
 * `Reshape(T(x))` as `T'(Reshape'(x))`. Possible where the axes that are split or joined lie side by side in `x` too:
 * `[N, C, H, W]` as channels last, joined to `[N, H·W, C]`, is `[N, C, H·W]` transposed.
 */
export function reshapeBelow(
  graph: GraphRecorder,
  x: Value,
  perm: readonly number[],
  shape: readonly number[],
): Value | undefined {
  const from = perm.map((axis) => x.shape[axis]!);
  const groups = groupAxes(from, shape);
  if (!groups) return undefined;
  // Axes of length 1 lie wherever one likes: only the order of the others counts.
  const order = perm.filter((axis) => x.shape[axis] !== 1).sort((a, b) => a - b);
  const ranks = (group: AxisGroup) => group.from.map((axis) => order.indexOf(perm[axis]!));
  const together = (group: AxisGroup) =>
    ranks(group).every((rank, index, all) => index === 0 || rank === all[index - 1]! + 1);
  if (!groups.every(together)) return undefined;
  const axes = groups.toSorted((a, b) => ranks(a)[0]! - ranks(b)[0]!).flatMap(({ to }) => to);
  const reshaped = graph.reshape(
    x,
    axes.map((axis) => shape[axis]!),
  );
  return graph.transpose(
    reshaped,
    shape.map((_, axis) => axes.indexOf(axis)),
  );
}

/** The finest groups of axes with equal products, lengths of 1 left out of `from`. Undefined without elements. */
function groupAxes(from: readonly number[], to: readonly number[]): AxisGroup[] | undefined {
  if (from.includes(0) || to.includes(0)) return undefined;
  const source = from.map((_, axis) => axis).filter((axis) => from[axis] !== 1);
  const groups: AxisGroup[] = [];
  let units: number[] = [];
  let next = 0;
  for (let axis = 0; axis < to.length;) {
    if (to[axis] === 1) {
      units.push(axis);
      axis += 1;
      continue;
    }
    const group: AxisGroup = { from: [source[next]!], to: [...units, axis] };
    units = [];
    let [left, right] = [from[source[next]!]!, to[axis]!];
    next += 1;
    axis += 1;
    while (left !== right) {
      if (left < right) {
        group.from.push(source[next]!);
        left *= from[source[next]!]!;
        next += 1;
      } else {
        group.to.push(axis);
        right *= to[axis]!;
        axis += 1;
      }
    }
    groups.push(group);
  }
  const last = groups.at(-1);
  if (!last) return undefined;
  last.to.push(...units);
  return groups;
}
