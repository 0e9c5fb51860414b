/** Lists of words, many short ones in one pool. A list is the index of its first entry; -1: empty. */
export interface WordLists {
  word: Int32Array;
  next: Int32Array;
  /** Entries in use or freed; the next new one. */
  size: number;
  /** First freed entry. */
  free: number;
}

export function createWordLists(): WordLists {
  return { word: new Int32Array(1024), next: new Int32Array(1024), size: 0, free: -1 };
}

/** Puts a word at the front, unless it is there already. @returns The list. */
export function pushWord(lists: WordLists, list: number, word: number): number {
  if (list >= 0 && lists.word[list] === word) return list;
  let entry = lists.free;
  if (entry >= 0) {
    lists.free = lists.next[entry]!;
  } else {
    entry = lists.size++;
    if (entry === lists.word.length) {
      lists.word = enlarge(lists.word);
      lists.next = enlarge(lists.next);
    }
  }
  lists.word[entry] = word;
  lists.next[entry] = list;
  return entry;
}

/** Gives the entries of a list back. */
export function freeWords(lists: WordLists, list: number): void {
  if (list < 0) return;
  let last = list;
  while (lists.next[last]! >= 0) last = lists.next[last]!;
  lists.next[last] = lists.free;
  lists.free = list;
}

/** The same array with twice the room. */
export function enlarge<T extends Int32Array | Float64Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2);
  larger.set(array);
  return larger;
}
