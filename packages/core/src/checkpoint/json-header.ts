/**
 * The first key that occurs twice in one object of a JSON text, which `JSON.parse` would drop silently. The text has
 * to be valid JSON already.
 */
export function duplicateJsonKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let expectsKey = false;
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case 0x7b: // {
        open.push(new Set());
        expectsKey = true;
        break;
      case 0x5b: // [
        open.push(undefined);
        expectsKey = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        expectsKey = false;
        break;
      case 0x2c: // ,
        expectsKey = open.at(-1) !== undefined;
        break;
      case 0x22: {
        let end = i + 1;
        while (text.charCodeAt(end) !== 0x22) end += text.charCodeAt(end) === 0x5c ? 2 : 1;
        if (expectsKey) {
          const key = JSON.parse(text.slice(i, end + 1)) as string;
          const keys = open.at(-1)!;
          if (keys.has(key)) return key;
          keys.add(key);
          expectsKey = false;
        }
        i = end;
        break;
      }
    }
  }
  return undefined;
}

/** What a JSON text may hold, so that parsing it takes no more than a few times its size. */
export interface JsonBounds {
  /** Containers in each other. */
  readonly depth: number;
  /** Objects and lists. */
  readonly containers: number;
  /** Values and keys, roughly: commas. */
  readonly values: number;
}

/** What exceeds the bounds, without parsing; undefined where nothing does. The text may be anything. */
export function jsonExcess(
  text: string,
  bounds: JsonBounds,
): { readonly expected: string; readonly actual: string } | undefined {
  let depth = 0;
  let containers = 0;
  let values = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      i = stringEnd(text, i);
    } else if (code === 0x7b || code === 0x5b) {
      containers += 1;
      depth += 1;
      if (depth > bounds.depth) return { expected: `JSON of at most ${bounds.depth} levels`, actual: 'more' };
      if (containers > bounds.containers)
        return { expected: `at most ${bounds.containers} JSON containers`, actual: 'more' };
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
    else if (code === 0x2c) {
      values += 1;
      if (values > bounds.values) return { expected: `at most ${bounds.values} JSON values`, actual: 'more' };
    }
  }
  return undefined;
}

/** Index of the closing quote, or the end of the text. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  for (; end > 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
