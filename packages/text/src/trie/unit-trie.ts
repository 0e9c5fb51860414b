/**
 * A trie over UTF-16 units: edges by open addressing over slots of four, `[node, unit, child]`, a value for each node. The
 * root is 0.
 */
export interface UnitTrie {
  readonly edges: Int32Array;
  /** -1 where no entry ends. */
  readonly values: Int32Array;
}

/**
 * @param entries - Texts and their values from 0; of a text that comes twice the last counts.
 */
export function createUnitTrie(entries: readonly (readonly [text: string, value: number])[]): UnitTrie {
  const units = entries.reduce((sum, [text]) => sum + text.length, 0);
  let size = 16;
  while (size * 0.6 < units) size *= 2;
  const edges = new Int32Array(size * 4).fill(-1);
  const values = new Int32Array(units + 1).fill(-1);
  let nodes = 1;
  for (const [text, value] of entries) {
    let node = 0;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      const at = findEdge(edges, node, unit);
      if (edges[at] === -1) {
        edges[at] = node;
        edges[at + 1] = unit;
        edges[at + 2] = nodes++;
      }
      node = edges[at + 2]!;
    }
    values[node] = value;
  }
  return { edges, values: values.slice(0, nodes) };
}

/** The child of a node, or -1. */
export function trieStep({ edges }: UnitTrie, node: number, unit: number): number {
  return edges[findEdge(edges, node, unit) + 2]!;
}

/** The node that a text leads to, or -1. */
export function trieNode(trie: UnitTrie, text: string, from = 0): number {
  let node = from;
  for (let index = 0; node >= 0 && index < text.length; index += 1) node = trieStep(trie, node, text.charCodeAt(index));
  return node;
}

/** The slot of an edge, or the empty one where it would go. */
function findEdge(edges: Int32Array, node: number, unit: number): number {
  const mask = edges.length - 4;
  const mixed = Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
  let slot = ((mixed ^ (mixed >>> 15)) << 2) & mask;
  while (edges[slot] !== -1 && (edges[slot] !== node || edges[slot + 1] !== unit)) slot = (slot + 4) & mask;
  return slot;
}
