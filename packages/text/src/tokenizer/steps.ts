/** Work that pauses now and then; what it returns is its result. */
export type Steps<T> = Generator<undefined, T, void>;

/** Work that gives parts of its result as they are ready; `undefined` where it may pause. */
export type Parts<T> = Generator<T | undefined, void, void>;

/** Units, bytes or symbols between two pauses: a millisecond or two. */
export const stepSize = 1 << 14;

/** Calls `advance` with limits that rise by {@link stepSize} until it says that it is done. */
export function* advanceInSteps(advance: (until: number) => boolean): Steps<void> {
  for (let until = stepSize; !advance(until); until += stepSize) yield;
}

/** Steps inside other work: gives `value` at every pause. */
export function* pausingWith<V, T>(value: V, steps: Steps<T>): Generator<V, T, void> {
  let step = steps.next();
  for (; !step.done; step = steps.next()) yield value;
  return step.value;
}

/** All parts at once. */
export function allParts<T>(parts: Parts<readonly T[]>): readonly T[] {
  const all: T[] = [];
  for (const part of parts) if (part) for (const one of part) all.push(one);
  return all;
}
