/** A priority queue whose order of equals is that of the C++ standard library's binary heap. */
export interface Heap<T> {
  push(value: T): void;
  /** The largest; undefined where there is none. */
  pop(): T | undefined;
  size(): number;
}

/** @param isLess - Orders the values; the largest comes out first. */
export function createHeap<T>(isLess: (left: T, right: T) => boolean): Heap<T> {
  const values: T[] = [];
  const siftUp = (start: number, value: T) => {
    let hole = start;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!isLess(values[parent]!, value)) break;
      values[hole] = values[parent]!;
      hole = parent;
    }
    values[hole] = value;
  };
  return {
    size: () => values.length,
    push(value) {
      values.push(value);
      siftUp(values.length - 1, value);
    },
    pop() {
      const top = values[0];
      const value = values.pop();
      const { length } = values;
      if (length === 0 || value === undefined) return top;
      // The hole goes down to a leaf along the larger children, then the value goes up from there.
      let hole = 0;
      let child = 0;
      while (child < (length - 1) >> 1) {
        child = 2 * (child + 1);
        if (isLess(values[child]!, values[child - 1]!)) child -= 1;
        values[hole] = values[child]!;
        hole = child;
      }
      if (length % 2 === 0 && child === (length - 2) >> 1) {
        child = 2 * child + 1;
        values[hole] = values[child]!;
        hole = child;
      }
      siftUp(hole, value);
      return top;
    },
  };
}
