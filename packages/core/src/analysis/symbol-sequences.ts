import * as v from 'valibot';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { type ScanOrder, scanPositions } from './scan-order';
import { absent, type TokenStream, type TokenSymbol } from './token-stream';

/** The tokens of every item, in scan order: for statistics that depend on the whole sequence. */
export type SymbolSequences = (readonly TokenSymbol[])[];

/** Adds the tokens of one more item; places without a token are left out. */
export function addSequence(sequences: SymbolSequences, { shape, symbols }: TokenStream, order: ScanOrder): void {
  const ordered = Array.from(scanPositions(shape, order), (position) => symbols[position]!);
  sequences.push(ordered.filter((symbol) => symbol !== absent));
}

/** Adds items that came after those here. */
export function mergeSequences(sequences: SymbolSequences, others: SymbolSequences): void {
  for (const sequence of others) {
    sequences.push(sequence);
  }
}

/** Plain JSON: a list of lists. */
export function saveSequences(sequences: SymbolSequences): Json {
  return sequences.map((sequence) => [...sequence]);
}

const savedSequences = v.array(v.array(v.union([v.number(), v.string()])));

/** @throws {ConfigError} Not what {@link saveSequences} gave. */
export function loadSequences(json: Json | undefined, where: string): SymbolSequences {
  return parseWith(savedSequences, json, where);
}

/** Symbols numbered 0, 1, … by first occurrence. */
export function denseSequences(sequences: SymbolSequences): {
  readonly sequences: readonly Int32Array[];
  /** Different symbols. */
  readonly size: number;
} {
  const numbers = new Map<TokenSymbol, number>();
  const dense = sequences.map((sequence) =>
    Int32Array.from(sequence as readonly number[], (symbol: TokenSymbol) => {
      let number = numbers.get(symbol);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(symbol, number);
      }
      return number;
    }),
  );
  return { sequences: dense, size: numbers.size };
}
