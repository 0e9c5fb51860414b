import { PickleFault } from './pickle-cursor';

/** A number as text. @throws {PickleFault} */
export function parseFloatLine(text: string): number {
  if (!/^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|nan)$/.test(text)) {
    throw new PickleFault(`the number ${JSON.stringify(text.slice(0, 40))}`);
  }
  return text.endsWith('inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

/** Python's raw-unicode-escape: only \\u and \\U are escapes. */
export function unescapeUnicode(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g, (whole, short?: string, long?: string) => {
    const point = Number.parseInt(short ?? long!, 16);
    return point > 0x10ffff ? whole : String.fromCodePoint(point);
  });
}

const stringEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '0': '\0',
};

/** A quoted Python 2 string. @throws {PickleFault} */
export function unquote(line: string): string {
  const quote = line[0];
  if (line.length < 2 || (quote !== "'" && quote !== '"') || !line.endsWith(quote))
    throw new PickleFault('a string without its quotes');
  return line
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (whole, hex?: string, one?: string) =>
      hex === undefined ? (stringEscapes[one!] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
    );
}
