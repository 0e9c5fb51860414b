import { utf8Encode } from '../bytes/utf8';

/** Finds user-defined symbols in bytes. */
export interface SymbolMatcher {
  /** Bytes of the longest symbol at `start`; 0 where there is none. */
  longest(bytes: Uint8Array, start: number): number;
}

/** Nodes by byte; 256 tells that a symbol ends. */
type Node = Map<number, Node>;

const end = 256;

/** @returns Undefined where there are no symbols. */
export function createSymbolMatcher(symbols: readonly string[]): SymbolMatcher | undefined {
  if (symbols.length === 0) return undefined;
  const root: Node = new Map();
  for (const symbol of symbols) {
    let node = root;
    for (const byte of utf8Encode(symbol)) {
      const next = node.get(byte) ?? new Map();
      node.set(byte, next);
      node = next;
    }
    node.set(end, root);
  }
  return {
    longest(bytes, start) {
      let node: Node | undefined = root;
      let length = 0;
      for (let at = start; at < bytes.length; at += 1) {
        node = node.get(bytes[at]!);
        if (!node) break;
        if (node.has(end)) length = at + 1 - start;
      }
      return length;
    },
  };
}
