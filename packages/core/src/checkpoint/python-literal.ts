import type { Json } from '../signal/signal';

const maximumDepth = 100;
const maximumValues = 200_000;

/**
 * Reads a Python literal as data: dictionaries, lists, tuples, texts, numbers, `True`, `False`, `None`, as `repr`
 * writes them. Safetensors headers carry configurations in this form (FlexTok). Nothing is evaluated: whatever else
 * stands there, a call or a sum, makes the text no literal.
 *
 * @returns Undefined where the text is no literal, or nests or holds more than any configuration does (100 levels,
 *   200,000 values). Tuples become lists, keys texts; `nan` and `inf` are no literals.
 */
export function parsePythonLiteral(text: string): Json | undefined {
  const reader = new LiteralReader(text);
  try {
    const value = reader.value(0);
    reader.space();
    return reader.atEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class NoLiteral extends Error {}

const words: Readonly<Record<string, Json>> = { True: true, False: false, None: null };
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

class LiteralReader {
  private position = 0;
  private values = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return this.position === this.text.length;
  }

  space(): void {
    this.take(/[ \t\r\n]*/y);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  private skip(letter: string): boolean {
    this.space();
    const found = this.text[this.position] === letter;
    if (found) this.position += 1;
    return found;
  }

  value(depth: number): Json {
    this.values += 1;
    if (depth > maximumDepth || this.values > maximumValues) throw new NoLiteral();
    if (this.skip('{')) return this.dictionary(depth);
    if (this.skip('[')) return this.items(']', depth);
    if (this.skip('(')) return this.items(')', depth);
    const number = this.take(/[+-]?(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?(?![\w.])/y);
    if (number !== undefined) return Number(number.replaceAll('_', ''));
    const word = this.take(/True\b|False\b|None\b/y);
    if (word !== undefined) return words[word]!;
    return this.string();
  }

  private items(end: string, depth: number): Json {
    const found: Json[] = [];
    for (;;) {
      if (this.skip(end)) return found;
      found.push(this.value(depth + 1));
      if (!this.skip(',')) {
        if (this.skip(end)) return found;
        throw new NoLiteral();
      }
    }
  }

  private dictionary(depth: number): Json {
    const entries = new Map<string, Json>();
    for (;;) {
      if (this.skip('}')) return Object.fromEntries(entries);
      const key = this.value(depth + 1);
      if (!this.skip(':') || (typeof key === 'object' && key !== null) || entries.has(String(key)))
        throw new NoLiteral();
      entries.set(String(key), this.value(depth + 1));
      if (!this.skip(',')) {
        if (this.skip('}')) return Object.fromEntries(entries);
        throw new NoLiteral();
      }
    }
  }

  /** Neighboring texts are one. */
  private string(): string {
    let whole: string | undefined;
    for (;;) {
      this.space();
      const quote = this.text[this.position];
      if (quote !== "'" && quote !== '"') break;
      const body = this.take(quote === "'" ? /'(?:[^'\\\n]|\\[^])*'/y : /"(?:[^"\\\n]|\\[^])*"/y);
      if (body === undefined) throw new NoLiteral();
      whole = (whole ?? '') + unescape(body.slice(1, -1));
    }
    if (whole === undefined) throw new NoLiteral();
    return whole;
  }
}

function unescape(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g,
    (whole, byte?: string, short?: string, long?: string, one?: string) => {
      const hex = byte ?? short ?? long;
      if (hex === undefined) return escapes[one!] ?? whole;
      const point = Number.parseInt(hex, 16);
      if (point > 0x10ffff) throw new NoLiteral();
      return String.fromCodePoint(point);
    },
  );
}
