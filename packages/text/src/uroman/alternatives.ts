import { isValid } from './candidates';
import type { LatticeEdge } from './lattice';
import type { Reading } from './reading';

/** Edges, each followed by the other romanizations that rules name for its span. */
export function withAlternatives(reading: Reading, edges: readonly LatticeEdge[]): LatticeEdge[] {
  const known = new Set(edges.map(({ start, end, text }) => `${start},${end},${text}`));
  return edges.flatMap((edge) => {
    // The official code puts each one right behind its edge, so that the last one comes first.
    const others: LatticeEdge[] = [];
    for (const [text, kind] of alternativesOf(reading, edge)) {
      const key = `${edge.start},${edge.end},${text}`;
      if (known.has(key)) continue;
      known.add(key);
      others.unshift({ start: edge.start, end: edge.end, text, kind });
    }
    return [edge, ...others];
  });
}

function* alternativesOf(reading: Reading, edge: LatticeEdge): Generator<readonly [text: string, kind: string]> {
  const { start, end, text, kind } = edge;
  const [, core, suffix = ''] = /\bc:([a-z]+)\s+s:([a-z]+)\b/.exec(kind) ?? [];
  for (const rule of reading.tables.rules.of(reading.slice(start, end))) {
    if (!isValid(reading, rule, start, end)) continue;
    const { target, alternatives, syllableEnd } = rule;
    if (target === text || target === core) {
      for (const alternative of alternatives) yield [alternative + (target === core ? suffix : ''), 'rom-alt'];
    }
    if (syllableEnd === text) yield [target!, 'rom-alt3'];
  }
}
