import { type CodePointSet, complement } from './code-point-set';

/** A translated pattern as a tree. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CodePointSet }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'look'; readonly isBehind: boolean; readonly isNegative: boolean; readonly node: PatternNode }
  | { readonly kind: 'group'; readonly name: string; readonly node: PatternNode }
  | { readonly kind: 'reference'; readonly name: string }
  | {
      readonly kind: 'repeat';
      readonly node: PatternNode;
      readonly least: number;
      readonly most: number;
      readonly isLazy: boolean;
    };

interface TreeCursor {
  readonly source: string;
  at: number;
}

/** Reads what `translatePattern` writes: classes of ranges, groups, looks, references and quantifiers. */
export function readPatternTree(source: string): PatternNode {
  return readChoice({ source, at: 0 });
}

function readChoice(cursor: TreeCursor): PatternNode {
  const nodes = [readSequence(cursor)];
  while (cursor.source[cursor.at] === '|') {
    cursor.at += 1;
    nodes.push(readSequence(cursor));
  }
  return nodes.length === 1 ? nodes[0]! : { kind: 'choice', nodes };
}

function readSequence(cursor: TreeCursor): PatternNode {
  const nodes: PatternNode[] = [];
  while (cursor.at < cursor.source.length && !'|)'.includes(cursor.source[cursor.at]!)) {
    nodes.push(readRepeats(cursor, readNode(cursor)));
  }
  return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes };
}

function readRepeats(cursor: TreeCursor, node: PatternNode): PatternNode {
  const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/.exec(cursor.source.slice(cursor.at, cursor.at + 40));
  if (!found) return node;
  cursor.at += found[0].length;
  const [, sign, low, comma, high] = found;
  const least = sign ? (sign === '+' ? 1 : 0) : Number(low);
  const most = sign ? (sign === '?' ? 1 : Infinity) : comma ? (high ? Number(high) : Infinity) : least;
  return { kind: 'repeat', node, least, most, isLazy: found[5] === '?' };
}

function readNode(cursor: TreeCursor): PatternNode {
  const character = cursor.source[cursor.at]!;
  if (character === '(') return readGroup(cursor);
  if (character === '[') return { kind: 'set', set: readSet(cursor) };
  const reference = character === '\\' ? /^\\k<(\w+)>/.exec(cursor.source.slice(cursor.at)) : null;
  if (reference) {
    cursor.at += reference[0].length;
    return { kind: 'reference', name: reference[1]! };
  }
  const codePoint = readCodePoint(cursor);
  return { kind: 'set', set: [codePoint, codePoint] };
}

function readGroup(cursor: TreeCursor): PatternNode {
  const [opening, look, name] = /^\((?:\?(?:(<?[=!])|:|<(\w+)>))?/.exec(cursor.source.slice(cursor.at))!;
  cursor.at += opening.length;
  const node = readChoice(cursor);
  cursor.at += 1;
  if (look) return { kind: 'look', isBehind: look.length === 2, isNegative: look.endsWith('!'), node };
  return name === undefined ? node : { kind: 'group', name, node };
}

function readSet(cursor: TreeCursor): CodePointSet {
  const { source } = cursor;
  cursor.at += 1;
  const isNegative = source[cursor.at] === '^';
  if (isNegative) cursor.at += 1;
  const ranges: number[] = [];
  while (source[cursor.at] !== ']') {
    const first = readCodePoint(cursor);
    let last = first;
    if (source[cursor.at] === '-' && source[cursor.at + 1] !== ']') {
      cursor.at += 1;
      last = readCodePoint(cursor);
    }
    ranges.push(first, last);
  }
  cursor.at += 1;
  return isNegative ? complement(ranges) : ranges;
}

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9 };

function readCodePoint(cursor: TreeCursor): number {
  const { source } = cursor;
  const escaped = /^\\u\{([0-9a-f]+)\}/.exec(source.slice(cursor.at, cursor.at + 12));
  if (escaped) {
    cursor.at += escaped[0].length;
    return Number.parseInt(escaped[1]!, 16);
  }
  if (source[cursor.at] === '\\') {
    cursor.at += 2;
    const letter = source[cursor.at - 1]!;
    return escapes[letter] ?? letter.codePointAt(0)!;
  }
  const codePoint = source.codePointAt(cursor.at)!;
  cursor.at += codePoint > 0xffff ? 2 : 1;
  return codePoint;
}
