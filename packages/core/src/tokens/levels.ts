import type { TokenLevel } from './token-types';

/** Product of the axis lengths; 1 for a level without axes. */
export function countTokens(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Elements of `data` that one token takes. */
export function elementsPerToken(level: Pick<TokenLevel, 'kind'> & { readonly bitsPerToken?: number }): number {
  return level.kind === 'bits' ? Math.ceil((level.bitsPerToken ?? 0) / 8) : 1;
}

/** Bits that hold any symbol of an alphabet: 0 for one symbol, 31 for 2^31. */
export function bitsForAlphabet(size: number): number {
  return size <= 1 ? 0 : 32 - Math.clz32(size - 1);
}

/** Whether an index level has a place without a token. */
export function hasAbsent(level: TokenLevel): boolean {
  return level.kind === 'index' && level.data.includes(-1);
}

/** Stored width of one token in bits, at fixed width. */
export function bitsPerToken(level: TokenLevel, absent = hasAbsent(level)): number {
  switch (level.kind) {
    case 'index':
      return bitsForAlphabet(level.vocabularySize + (absent ? 1 : 0));
    case 'bits':
      return level.bitsPerToken;
    case 'float':
      return level.storage === 'float16' ? 16 : 32;
  }
}

/** The part `from..to` (exclusive) of one axis; the data is copied. */
export function sliceLevel(level: TokenLevel, axis: number, from: number, to: number): TokenLevel {
  const shape = level.shape.map((length, index) => (index === axis ? to - from : length));
  const count = countTokens(level.shape);
  const cut = <Data extends Float32Array | Int32Array | Uint8Array>(data: Data, perToken: number): Data => {
    const inner = countTokens(level.shape.slice(axis + 1)) * perToken;
    const outer = countTokens(level.shape.slice(0, axis));
    const rows = level.shape[axis]! * inner;
    const out = new (data.constructor as new (length: number) => Data)(countTokens(shape) * perToken);
    for (let row = 0; row < outer; row += 1) {
      out.set(data.subarray(row * rows + from * inner, row * rows + to * inner), row * (to - from) * inner);
    }
    return out;
  };
  const margins = level.margins && count > 0 ? cut(level.margins, level.margins.length / count) : undefined;
  const rest = { shape, ...(margins && { margins }) };
  switch (level.kind) {
    case 'index':
      return { ...level, ...rest, data: cut(level.data, 1) };
    case 'bits':
      return { ...level, ...rest, data: cut(level.data, elementsPerToken(level)) };
    case 'float':
      return { ...level, ...rest, data: cut(level.data, 1) };
  }
}

/** Puts levels that differ in the length of one axis only behind each other along it. */
export function joinLevels(parts: readonly TokenLevel[], axis: number): TokenLevel {
  const [first] = parts as [TokenLevel];
  const length = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
  const shape = first.shape.map((old, index) => (index === axis ? length : old));
  const outer = countTokens(shape.slice(0, axis));
  const innerTokens = countTokens(shape.slice(axis + 1));
  const glue = <Data extends Float32Array | Int32Array | Uint8Array>(
    pieces: readonly Data[],
    perToken: number,
  ): Data => {
    const inner = innerTokens * perToken;
    const out = new (pieces[0]!.constructor as new (length: number) => Data)(outer * length * inner);
    for (let row = 0, at = 0; row < outer; row += 1) {
      for (const [index, piece] of pieces.entries()) {
        const size = parts[index]!.shape[axis]! * inner;
        out.set(piece.subarray(row * size, (row + 1) * size), at);
        at += size;
      }
    }
    return out;
  };
  const margins = joinMargins(parts, glue);
  const rest = { shape, ...(margins && { margins }) };
  switch (first.kind) {
    case 'index':
      return {
        ...first,
        ...rest,
        data: glue(
          parts.map((part) => part.data as Int32Array),
          1,
        ),
      };
    case 'bits':
      return {
        ...first,
        ...rest,
        data: glue(
          parts.map((part) => part.data as Uint8Array),
          elementsPerToken(first),
        ),
      };
    case 'float':
      return {
        ...first,
        ...rest,
        data: glue(
          parts.map((part) => part.data as Float32Array),
          1,
        ),
      };
  }
}

function joinMargins(
  parts: readonly TokenLevel[],
  glue: (pieces: readonly Float32Array[], perToken: number) => Float32Array,
): Float32Array | undefined {
  const filled = parts.filter((part) => countTokens(part.shape) > 0);
  const perToken = new Set(filled.map((part) => (part.margins?.length ?? 0) / countTokens(part.shape)));
  if (filled.length < parts.length || perToken.size !== 1 || perToken.has(0)) {
    return undefined;
  }
  return glue(
    parts.map((part) => part.margins!),
    [...perToken][0]!,
  );
}
