/** Nothing there: before the first place, behind the last, or beside a break. */
export const none = -1;

/** A sequence whose neighbors can be joined: each place knows the next one that still holds an id. */
export interface LinkedIds {
  /** {@link none} where a place was joined to the one before it, or is a break that nothing crosses. */
  readonly ids: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
}

/** @param ids - Kept and changed; -1 = a break: the places beside it are no neighbors. */
export function linkedIds(ids: Int32Array): LinkedIds {
  const next = new Int32Array(ids.length).fill(none);
  const previous = new Int32Array(ids.length).fill(none);
  for (let at = 1; at < ids.length; at += 1) {
    if (ids[at] !== none && ids[at - 1] !== none) {
      next[at - 1] = at;
      previous[at] = at - 1;
    }
  }
  return { ids, next, previous };
}

/** Puts `id` at `at` in the place of the id there and of the next one. */
export function joinNext({ ids, next, previous }: LinkedIds, at: number, id: number): void {
  const gone = next[at]!;
  const after = next[gone]!;
  ids[at] = id;
  ids[gone] = none;
  next[at] = after;
  next[gone] = none;
  previous[gone] = none;
  if (after !== none) previous[after] = at;
}
