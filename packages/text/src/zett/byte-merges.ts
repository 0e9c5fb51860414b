/** Two neighbours that become one. */
export type MergePair = readonly [left: string, right: string];

/**
 * Adds what a BPE over characters lacks as one over bytes: characters of several bytes are pieces that no merge makes, so
 * they get merges of their own before all others, from left to right.
 *
 * @param merges - In the byte alphabet.
 * @param checked - Tokens that must be reached.
 * @param tokens - The vocabulary; pieces between get appended, in order.
 */
export function addMerges(merges: readonly MergePair[], checked: readonly string[], tokens: string[]): MergePair[] {
  const sourcesOf = new Map<string, MergePair[]>();
  for (const merge of merges) {
    const whole = merge[0] + merge[1];
    sourcesOf.set(whole, [...(sourcesOf.get(whole) ?? []), merge]);
  }
  const atoms = new Set<string>();
  const seen = new Set<string>();
  const pending = [...checked];
  while (pending.length > 0) {
    const token = pending.pop()!;
    if (seen.has(token)) continue;
    seen.add(token);
    const sources = sourcesOf.get(token);
    if (sources) pending.push(...sources.flat());
    else if (token.length > 1) atoms.add(token);
  }
  const known = new Set(tokens);
  const between = new Set<string>();
  const added = new Map<string, MergePair>();
  for (const atom of [...atoms].toSorted()) {
    for (const merge of mergesOf(atom)) {
      added.set(merge.join(' '), merge);
      const whole = merge[0] + merge[1];
      if (!known.has(whole)) between.add(whole);
    }
  }
  tokens.push(...[...between].toSorted());
  return [...added.values(), ...merges];
}

/** Merges that make a token of its characters: neighbours in pairs, round after round. */
function mergesOf(token: string): MergePair[] {
  const merges: MergePair[] = [];
  let parts = [...token];
  while (parts.length > 1) {
    const before = parts;
    for (let index = 0; index + 1 < before.length; index += 1) {
      const [left, right] = [before[index]!, before[index + 1]!];
      const joined: string[] = [];
      let found = false;
      for (let at = 0; at < parts.length; at += 1) {
        if (parts[at] === left && parts[at + 1] === right) {
          joined.push(left + right);
          found = true;
          at += 1;
        } else joined.push(parts[at]!);
      }
      if (!found) continue;
      parts = joined;
      merges.push([left, right]);
    }
  }
  return merges;
}
