import { TokensError } from '../errors/tokens-error';
import { malformed } from './binary';
import { bitsForAlphabet } from './levels';
import { radixFits } from './mixed-radix';
import { checkFrequencies, type FrequencyTables } from './rans';
import type { TokenAxis, TokenLevel } from './token-types';
import { checkBitsPerToken, checkShape, checkStorage, checkVocabularySize, record } from './validate-tokens';

/** How one level of every item is stored: an entry of the header's `levels`. */
export interface LevelFormat {
  readonly kind: TokenLevel['kind'];
  readonly axes: readonly TokenAxis[];
  /** null = varies per item. */
  readonly shape: readonly (number | null)[];
  readonly vocabularySize?: number;
  readonly bitsPerToken?: number;
  readonly storage?: 'float32' | 'float16';
  /** -1 occurs, stored as the symbol `vocabularySize`. */
  readonly absent?: true;
  /** How index levels without frequencies are packed; default `bits`. */
  readonly packing?: 'bits' | 'radix';
  /** Default `none`: one table. `position`: a table per place in the level (bits: per bit), the last one for all further places. */
  readonly contexts?: 'none' | 'position';
  /** `[contexts, symbols]`, flattened: the level is entropy coded. */
  readonly frequencies?: readonly number[];
}

/** A format whose fields have been checked and whose tables are built. */
export interface LevelCoding {
  readonly format: LevelFormat;
  readonly tables?: FrequencyTables;
}

/** Symbols of an index or bit level: ids and, where one is missing anywhere, one for none. */
export function alphabetOf(format: LevelFormat): number {
  return format.kind === 'bits' ? 2 : (format.vocabularySize ?? 0) + (format.absent ? 1 : 0);
}

/** Bits of one token without entropy coding. */
export function plainWidth(format: LevelFormat): number {
  switch (format.kind) {
    case 'index':
      return bitsForAlphabet(alphabetOf(format));
    case 'bits':
      return format.bitsPerToken!;
    case 'float':
      return format.storage === 'float16' ? 16 : 32;
  }
}

/** @throws {TokensError} `malformed`, `invalid-tokens`: no valid entry; `unsupported-version`: an unknown packing. */
export function parseLevelFormat(name: string, value: unknown): LevelCoding {
  const entry = record(name, value);
  const { kind, axes, shape, packing, contexts, frequencies } = entry;
  if (!Array.isArray(shape)) {
    throw malformed(`${name}.shape is no list`);
  }
  checkShape(
    name,
    shape.map((length: unknown) => (length === null ? 0 : length)),
    axes,
  );
  if (kind !== 'index' && kind !== 'bits' && kind !== 'float') {
    throw malformed(`${name}.kind is ${JSON.stringify(kind)}, expected 'index', 'bits' or 'float'`);
  }
  if (packing !== undefined && packing !== 'bits' && packing !== 'radix') {
    throw new TokensError(
      'unsupported-version',
      `.tok file: ${name}.packing ${JSON.stringify(packing)} is not known here.`,
    );
  }
  if (contexts !== undefined && contexts !== 'none' && contexts !== 'position') {
    throw new TokensError(
      'unsupported-version',
      `.tok file: ${name}.contexts ${JSON.stringify(contexts)} is not known here.`,
    );
  }
  if (entry.absent !== undefined && (entry.absent !== true || kind !== 'index')) {
    throw malformed(`${name}.absent is for index levels, and true or not there`);
  }
  const format: LevelFormat = {
    kind,
    axes: axes as readonly TokenAxis[],
    shape: shape as readonly (number | null)[],
    ...(kind === 'index' && { vocabularySize: checkVocabularySize(name, entry.vocabularySize) }),
    ...(kind === 'bits' && { bitsPerToken: checkBitsPerToken(name, entry.bitsPerToken) }),
    ...(kind === 'float' && { storage: checkStorage(name, entry.storage) }),
    ...(entry.absent === true && { absent: true as const }),
    ...(packing !== undefined && { packing }),
    ...(contexts !== undefined && { contexts }),
    ...(frequencies !== undefined && { frequencies: frequencies as readonly number[] }),
  };
  if (packing === 'radix' && (kind !== 'index' || !radixFits(alphabetOf(format)))) {
    throw malformed(`${name}.packing 'radix' is for index levels of 2..2^22 - 1 symbols`);
  }
  return { format, ...parseTables(name, format) };
}

function parseTables(name: string, format: LevelFormat): { readonly tables?: FrequencyTables } {
  const { frequencies } = format;
  if (frequencies === undefined) {
    return {};
  }
  if (format.kind === 'float' || !Array.isArray(frequencies)) {
    throw malformed(`${name}.frequencies is a list of numbers for index and bit levels`);
  }
  const tables = checkFrequencies(`${name}.frequencies`, alphabetOf(format), frequencies as readonly number[]);
  if ((format.contexts ?? 'none') === 'none' && frequencies.length !== tables.alphabet) {
    throw malformed(`${name}.frequencies has ${frequencies.length / tables.alphabet} tables, but contexts are 'none'`);
  }
  return { tables };
}
