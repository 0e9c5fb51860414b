import { createCl100kScanner } from '../scanner/cl100k';
import { createGpt2Scanner } from '../scanner/gpt2';
import { cl100kPattern, gpt2Pattern, o200kPattern } from '../scanner/known-patterns';
import { createO200kScanner } from '../scanner/o200k';
import type { Scanner } from '../scanner/scanner';

/** What goes with a rank file: how text is cut into pieces, and which special tokens there are. */
export interface TiktokenEncoding {
  readonly name: string;
  /** The pattern, as tokenizer.json writes it. */
  readonly pattern: string;
  readonly createScanner: () => Scanner;
  readonly specialTokens: () => Readonly<Record<string, number>>;
}

const endOfText = '<|endoftext|>';

function fillInTheMiddle(first: number): Record<string, number> {
  return { '<|fim_prefix|>': first, '<|fim_middle|>': first + 1, '<|fim_suffix|>': first + 2 };
}

const gpt2 = { pattern: gpt2Pattern, createScanner: createGpt2Scanner };
const cl100k = { pattern: cl100kPattern, createScanner: createCl100kScanner };
const o200k = { pattern: o200kPattern, createScanner: createO200kScanner };

function encoding(
  name: string,
  scanning: Pick<TiktokenEncoding, 'pattern' | 'createScanner'>,
  specialTokens: () => Readonly<Record<string, number>>,
): TiktokenEncoding {
  return { name, ...scanning, specialTokens };
}

const cl100kSpecials = { [endOfText]: 100257, ...fillInTheMiddle(100258), '<|endofprompt|>': 100276 };
const gpt2Specials = { [endOfText]: 50256 };

/** Names of the last special tokens of o200k_harmony; every other id up to 201087 is reserved. */
const harmonyNames: Readonly<Record<number, string>> = {
  199998: '<|startoftext|>',
  199999: endOfText,
  200002: '<|return|>',
  200003: '<|constrain|>',
  200005: '<|channel|>',
  200006: '<|start|>',
  200007: '<|end|>',
  200008: '<|message|>',
  200012: '<|call|>',
};

function harmonySpecials(): Record<string, number> {
  const tokens: Record<string, number> = {};
  for (let id = 199998; id <= 201087; id += 1) tokens[harmonyNames[id] ?? `<|reserved_${id}|>`] = id;
  return tokens;
}

/** The published encodings, as openai/tiktoken's `openai_public.py` defines them; `cl100k_im` adds the chat markers. */
export const tiktokenEncodings: readonly TiktokenEncoding[] = [
  encoding('gpt2', gpt2, () => gpt2Specials),
  encoding('r50k_base', gpt2, () => gpt2Specials),
  encoding('p50k_base', gpt2, () => gpt2Specials),
  encoding('p50k_edit', gpt2, () => ({ ...gpt2Specials, ...fillInTheMiddle(50281) })),
  encoding('cl100k_base', cl100k, () => cl100kSpecials),
  encoding('cl100k_im', cl100k, () => ({
    ...cl100kSpecials,
    '<|im_start|>': 100264,
    '<|im_end|>': 100265,
    '<|im_sep|>': 100266,
  })),
  encoding('o200k_base', o200k, () => ({ [endOfText]: 199999, '<|endofprompt|>': 200018 })),
  encoding('o200k_harmony', o200k, harmonySpecials),
];
