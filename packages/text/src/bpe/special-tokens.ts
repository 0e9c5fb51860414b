import { InputError } from '@tesserae/core/data';

/** Tokens that stand for themselves in a text: `<|endoftext|>`. */
export interface SpecialTokens {
  readonly ids: ReadonlyMap<string, number>;
  /** Finds the next one from `lastIndex` on; undefined where there are none. */
  readonly pattern: RegExp | undefined;
}

export function createSpecialTokens(ids: ReadonlyMap<string, number>): SpecialTokens {
  // Of two that begin at the same place the longer one counts.
  const texts = [...ids.keys()].toSorted((left, right) => right.length - left.length);
  const pattern = texts.length > 0 ? new RegExp(texts.map(escapePattern).join('|'), 'g') : undefined;
  return { ids, pattern };
}

/** A text as part of a regular expression. */
export const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Which special tokens in a text count as such, and which are refused. */
export interface SpecialChoice {
  /** Encoded as one token. Default none. */
  readonly allow?: 'all' | readonly string[];
  /** Refused with an error. Default `all`, less the allowed ones. The rest is ordinary text. */
  readonly refuse?: 'all' | readonly string[];
}

/** `ordinary`: none counts; `allow`: all count; `error`: any is refused; or a choice by name. */
export type SpecialMode = 'ordinary' | 'allow' | 'error' | SpecialChoice;

/** A stretch of ordinary text, and the special token behind it (-1 at the end of the text). */
export interface SpecialSection {
  readonly start: number;
  readonly end: number;
  readonly id: number;
  /** Where the special token ends. */
  readonly after: number;
}

/** Tells which special tokens count. */
export interface AllowedTokens {
  has(token: string): boolean;
}

const noTokens: AllowedTokens = new Set<string>();

/**
 * The special tokens that `mode` allows.
 *
 * @throws {InputError} `special-token`: one that is refused occurs in the text; or the mode names one that does not exist.
 */
export function allowedSpecials(specials: SpecialTokens, text: string, mode: SpecialMode): AllowedTokens {
  if (mode === 'ordinary' || specials.pattern === undefined) return noTokens;
  if (mode === 'allow') return specials.ids;
  const choice = mode === 'error' ? {} : mode;
  const allowed = chosen(specials, choice.allow ?? [], 'specials.allow');
  const { refuse = 'all' } = choice;
  const refused = refuse === 'all' ? undefined : chosen(specials, refuse, 'specials.refuse');
  refuseAny(specials, text, (token) => (refused ? refused.has(token) : !allowed.has(token)));
  return allowed;
}

/**
 * Splits a text at the special tokens that `mode` allows.
 *
 * @throws {InputError} As {@link allowedSpecials}.
 */
export function splitAtSpecials(specials: SpecialTokens, text: string, mode: SpecialMode): readonly SpecialSection[] {
  const { pattern, ids } = specials;
  const allowed = allowedSpecials(specials, text, mode);
  const sections: SpecialSection[] = [];
  let start = 0;
  if (pattern && allowed !== noTokens) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      const [token] = match;
      if (allowed.has(token)) {
        sections.push({ start, end: match.index, id: ids.get(token)!, after: pattern.lastIndex });
        start = pattern.lastIndex;
      } else {
        pattern.lastIndex = match.index + 1;
      }
    }
  }
  sections.push({ start, end: text.length, id: -1, after: text.length });
  return sections;
}

function refuseAny({ pattern }: SpecialTokens, text: string, isRefused: (token: string) => boolean): void {
  if (!pattern) return;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (isRefused(match[0])) {
      throw new InputError(
        'text',
        'no special token that is not allowed (option "specials")',
        `${JSON.stringify(match[0])} at ${match.index}`,
        { code: 'special-token' },
      );
    }
    pattern.lastIndex = match.index + 1;
  }
}

function chosen({ ids }: SpecialTokens, names: 'all' | readonly string[], option: string): AllowedTokens {
  if (names === 'all') return ids;
  for (const name of names) {
    if (!ids.has(name)) {
      throw new InputError(
        option,
        `special tokens of this vocabulary (${listed([...ids.keys()])})`,
        JSON.stringify(name),
      );
    }
  }
  return new Set(names);
}

const listed = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(' ') : `${names.slice(0, 8).join(' ')} … ${names.length} in all`;
