import { romanize, type RomanizeOptions } from './romanize';

/** A line of a file for uroman. */
export interface RomanizedLine {
  /** `::lcode`, the code and the space behind it; empty where the line does not name its language. */
  readonly prefix: string;
  /** Language that the line names. */
  readonly language: string | undefined;
  readonly text: string;
}

/**
 * Romanizes a line that may begin with its language, as `::lcode ukr Київ`, which then counts instead of
 * `options.language`, in parts unless `options.inParts` is false (`romanize_file` of uroman.py).
 */
export function romanizeLine(line: string, options: RomanizeOptions = {}): RomanizedLine {
  const [, prefix = '', language] = /^(::lcode[^\S\ufeff]+([a-z]{3})[^\S\ufeff]+)/.exec(line) ?? [];
  const named = language === undefined ? {} : { language };
  const text = romanize(line.slice(prefix.length), { inParts: true, ...options, ...named });
  return { prefix, language, text };
}
