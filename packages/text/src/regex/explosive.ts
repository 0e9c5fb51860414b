import { intersection } from './code-point-set';
import type { PatternNode } from './pattern-tree';

/** Repeats of up to so many are looked at as bounded. */
const fewRepeats = 8;

const isLong = (node: PatternNode): boolean =>
  node.kind === 'repeat' && node.most > fewRepeats && node.most > node.least;

/**
 * True where backtracking may need more than a power of two of the text's length: repeats of what can itself match in
 * several ways, three long repeats in a row, or two that compete for the same characters with something behind them.
 */
export function mayExplode(node: PatternNode): boolean {
  switch (node.kind) {
    case 'set':
    case 'reference':
      return false;
    case 'look':
    case 'group':
      return mayExplode(node.node);
    case 'choice':
      return node.nodes.some(mayExplode);
    case 'repeat':
      return (node.most > 1 && isAmbiguous(node.node)) || mayExplode(node.node);
    case 'sequence':
      return node.nodes.some(mayExplode) || competes(flattened(node));
  }
}

/** Can match the same text in several ways, or texts of several lengths; a look is done with once it matched. */
function isAmbiguous(node: PatternNode): boolean {
  switch (node.kind) {
    case 'set':
    case 'reference':
    case 'look':
      return false;
    case 'choice':
      return !areApart(node.nodes);
    case 'group':
      return isAmbiguous(node.node);
    case 'repeat':
      return node.most !== node.least || isAmbiguous(node.node);
    case 'sequence':
      return node.nodes.some(isAmbiguous);
  }
}

/** Choices of one character each, no two of which share one. */
const areApart = (nodes: readonly PatternNode[]): boolean =>
  nodes.every(
    (node, index) =>
      node.kind === 'set' &&
      nodes.every((other, place) => place >= index || (other.kind === 'set' && !overlaps(node, other))),
  );

function competes(nodes: readonly PatternNode[]): boolean {
  const places = [...nodes.keys()].filter((index) => isLong(nodes[index]!));
  if (places.length < 2) return false;
  if (places.length > 2) return true;
  const [first, second] = places as [number, number];
  const isFollowed = nodes.slice(second + 1).some((node) => !isOptional(node));
  return isFollowed && nodes.slice(first + 1, second).every(isOptional) && overlaps(nodes[first]!, nodes[second]!);
}

/** Sequences in sequences and captures are one sequence. */
function flattened(node: PatternNode): readonly PatternNode[] {
  if (node.kind === 'sequence') return node.nodes.flatMap(flattened);
  return node.kind === 'group' ? flattened(node.node) : [node];
}

const isOptional = (node: PatternNode): boolean => node.kind === 'repeat' && node.least === 0;

/** Whether two nodes can take the same character; unknown counts as yes. */
function overlaps(left: PatternNode, right: PatternNode): boolean {
  const [one, other] = [setOf(left), setOf(right)];
  return !one || !other || intersection(one, other).length > 0;
}

function setOf(node: PatternNode): readonly number[] | undefined {
  if (node.kind === 'set') return node.set;
  return node.kind === 'repeat' ? setOf(node.node) : undefined;
}
