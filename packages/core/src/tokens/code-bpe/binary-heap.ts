/** Takes out the entry that comes first. */
export interface BinaryHeap<Entry> {
  readonly size: number;
  push(entry: Entry): void;
  /** The first entry, or undefined. */
  pop(): Entry | undefined;
}

/** @param before - Whether `a` comes before `b`; total, so that the order does not depend on that of pushing. */
export function binaryHeap<Entry>(before: (a: Entry, b: Entry) => boolean): BinaryHeap<Entry> {
  const entries: Entry[] = [];
  return {
    get size() {
      return entries.length;
    },
    push: (entry) => {
      let at = entries.length;
      entries.push(entry);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(entry, entries[parent]!)) break;
        entries[at] = entries[parent]!;
        at = parent;
      }
      entries[at] = entry;
    },
    pop: () => {
      const [first] = entries;
      const last = entries.pop();
      if (last === undefined || entries.length === 0) return first;
      let at = 0;
      for (let child = 1; child < entries.length; child = 2 * at + 1) {
        if (child + 1 < entries.length && before(entries[child + 1]!, entries[child]!)) child += 1;
        if (!before(entries[child]!, last)) break;
        entries[at] = entries[child]!;
        at = child;
      }
      entries[at] = last;
      return first;
    },
  };
}
