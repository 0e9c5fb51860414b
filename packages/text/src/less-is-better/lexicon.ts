import { InputError } from '@tesserae/core/data';

interface Node {
  readonly children: Map<string, Node>;
  /** Id of the chunk that ends here, -1 for none. */
  chunk: number;
}

/** Chunks in the order of their ranks, best first, with a trie to find them in text. */
export interface Lexicon {
  readonly size: number;
  /** Chunks by rank. */
  chunks(): string[];
  has(chunk: string): boolean;
  /** Place in the order, from 0; -1 where the chunk is not in it. */
  rank(chunk: string): number;
  at(rank: number): string;
  /** Puts a chunk behind all others; nothing where it is there already. */
  append(chunk: string): void;
  /** Takes chunks out; those that are not there do not matter. */
  remove(chunks: Iterable<string>): void;
  /**
   * Moves a chunk by so many ranks: towards the head for negative steps, at most to it, and towards the tail for positive
   * ones. A chunk that would leave the list at the tail is taken out. The first chunk stays.
   */
  move(chunk: string, step: number): void;
  /**
   * Where the chunks that begin at `start` end, shortest first.
   *
   * @param characters - Code points of a text.
   */
  matches(characters: readonly string[], start: number): number[];
  /** Where the longest chunk that begins at `start` ends; `start` where there is none. */
  longest(characters: readonly string[], start: number): number;
}

/**
 * @param chunks - By rank; repeated ones count once.
 * @throws {InputError} An empty chunk.
 */
export function createLexicon(chunks: Iterable<string> = []): Lexicon {
  const root: Node = { children: new Map(), chunk: -1 };
  const texts: string[] = [];
  const ids = new Map<string, number>();
  let order = new Int32Array(64);
  let size = 0;
  /** Rank of every id when it was last looked up; others may have been moved past it since. */
  const hints: number[] = [];

  const rankOf = (id: number): number => {
    const hint = hints[id]!;
    if (hint < size && order[hint] === id) return hint;
    const found = order.subarray(0, size).indexOf(id);
    hints[id] = found;
    return found;
  };
  const unlink = (chunk: string): void => {
    const path: Node[] = [root];
    const characters = [...chunk];
    for (const character of characters) path.push(path.at(-1)!.children.get(character)!);
    path.at(-1)!.chunk = -1;
    for (let depth = characters.length; depth > 0; depth -= 1) {
      const node = path[depth]!;
      if (node.chunk >= 0 || node.children.size > 0) break;
      path[depth - 1]!.children.delete(characters[depth - 1]!);
    }
    ids.delete(chunk);
  };

  const lexicon: Lexicon = {
    get size() {
      return size;
    },
    chunks: () => Array.from(order.subarray(0, size), (id) => texts[id]!),
    has: (chunk) => ids.has(chunk),
    rank: (chunk) => {
      const id = ids.get(chunk);
      return id === undefined ? -1 : rankOf(id);
    },
    at: (rank) => {
      if (!(rank >= 0 && rank < size)) throw new InputError('rank', `0..${size - 1}`, String(rank));
      return texts[order[rank]!]!;
    },
    append: (chunk) => {
      if (chunk === '') throw new InputError('chunk', 'at least one character', 'none');
      if (ids.has(chunk)) return;
      const id = texts.push(chunk) - 1;
      ids.set(chunk, id);
      hints[id] = size;
      if (size === order.length) {
        const larger = new Int32Array(size * 2);
        larger.set(order);
        order = larger;
      }
      order[size++] = id;
      let node = root;
      for (const character of chunk) {
        let next = node.children.get(character);
        if (!next) node.children.set(character, (next = { children: new Map<string, Node>(), chunk: -1 }));
        node = next;
      }
      node.chunk = id;
    },
    remove: (removed) => {
      const gone = new Set<number>();
      for (const chunk of removed) {
        const id = ids.get(chunk);
        if (id === undefined) continue;
        gone.add(id);
        unlink(chunk);
      }
      if (gone.size === 0) return;
      let to = 0;
      for (let from = 0; from < size; from += 1) if (!gone.has(order[from]!)) order[to++] = order[from]!;
      size = to;
    },
    move: (chunk, step) => {
      const from = lexicon.rank(chunk);
      if (from <= 0 || step === 0) return;
      const id = order[from]!;
      const to = Math.max(0, from + step);
      if (to < from) order.copyWithin(to + 1, to, from);
      else if (to < size) order.copyWithin(from, from + 1, to + 1);
      else {
        order.copyWithin(from, from + 1, size);
        size -= 1;
        unlink(chunk);
        return;
      }
      order[to] = id;
      hints[id] = to;
    },
    matches: (characters, start) => {
      const ends: number[] = [];
      let node: Node | undefined = root;
      for (let at = start; at < characters.length; at += 1) {
        node = node.children.get(characters[at]!);
        if (!node) break;
        if (node.chunk >= 0) ends.push(at + 1);
      }
      return ends;
    },
    longest: (characters, start) => {
      let end = start;
      let node: Node | undefined = root;
      for (let at = start; at < characters.length; at += 1) {
        node = node.children.get(characters[at]!);
        if (!node) break;
        if (node.chunk >= 0) end = at + 1;
      }
      return end;
    },
  };
  for (const chunk of chunks) lexicon.append(chunk);
  return lexicon;
}
