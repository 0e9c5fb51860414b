/** Largest score first. An item may be in it more than once, with other scores. */
export interface ScoreHeap {
  push(item: number, score: number): void;
  /** Takes the largest; -1 where there is none. Its score is in `score`. */
  pop(): number;
  readonly score: number;
}

export function createScoreHeap(): ScoreHeap {
  const items: number[] = [];
  const scores: number[] = [];
  let popped = 0;
  return {
    get score() {
      return popped;
    },
    push: (item, score) => {
      let at = items.length;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (scores[parent]! >= score) break;
        items[at] = items[parent]!;
        scores[at] = scores[parent]!;
        at = parent;
      }
      items[at] = item;
      scores[at] = score;
    },
    pop: () => {
      const top = items[0];
      if (top === undefined) return -1;
      popped = scores[0]!;
      const item = items.pop()!;
      const score = scores.pop()!;
      const count = items.length;
      if (count === 0) return top;
      let at = 0;
      for (;;) {
        let child = at * 2 + 1;
        if (child >= count) break;
        if (child + 1 < count && scores[child + 1]! > scores[child]!) child += 1;
        if (scores[child]! <= score) break;
        items[at] = items[child]!;
        scores[at] = scores[child]!;
        at = child;
      }
      items[at] = item;
      scores[at] = score;
      return top;
    },
  };
}
