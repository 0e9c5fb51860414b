import { findMatches, type Pattern } from '../pattern';
import type { PrependScheme } from '../pre-tokenizers/metaspace';
import { type Decoder, type DecoderStage, tokenDecoder } from './decoder';

/** English contractions and punctuation, in the order of the library. */
const cleanups = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
] as const;

/** Takes out spaces that English does not have. */
export const cleanUp = (text: string): string =>
  cleanups.reduce((current, [from, to]) => current.replaceAll(from, to), text);

/** Joins pieces that begin with `prefix` to the one before; others get a space. */
export function wordPieceDecoder(prefix: string, cleanup: boolean): Decoder {
  return tokenDecoder((token, isFirst) => {
    const text = isFirst ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
    return cleanup ? cleanUp(text) : text;
  });
}

/** Markers become spaces; those of the first token vanish, unless none was ever put there. */
export function metaspaceDecoder(replacement: string, prependScheme: PrependScheme): Decoder {
  return tokenDecoder((token, isFirst) =>
    token.replaceAll(replacement, isFirst && prependScheme !== 'never' ? '' : ' '),
  );
}

/** The suffix of words becomes a space, except in the last token. */
export function bpeDecoder(suffix: string): Decoder {
  return {
    decode: (tokens) => tokens.map((token, index) => token.replaceAll(suffix, index === tokens.length - 1 ? '' : ' ')),
    stage(isFused) {
      if (isFused) return undefined;
      let held: string | undefined;
      return {
        push(token) {
          const out = held === undefined ? [] : [held.replaceAll(suffix, ' ')];
          held = token;
          return out;
        },
        end: () => (held === undefined ? [] : [held.replaceAll(suffix, '')]),
      };
    },
  };
}

/** Output of connectionist temporal classification: repeats count once, then padding vanishes. */
export function ctcDecoder(padToken: string, wordDelimiter: string, cleanup: boolean): Decoder {
  const stage = (): DecoderStage => {
    let previous: string | undefined;
    return {
      push(token) {
        if (token === previous) return [];
        previous = token;
        const bare = token.replaceAll(padToken, '');
        const text = cleanup ? cleanUp(bare).replaceAll(wordDelimiter, ' ') : bare;
        return text === '' ? [] : [text];
      },
      end: () => [],
    };
  };
  return {
    decode(tokens) {
      const { push } = stage();
      return tokens.flatMap(push);
    },
    stage: (isFused) => (isFused ? undefined : stage()),
  };
}

/** Cuts up to `start` and `stop` times a character off the ends of each token. */
export function stripDecoder(content: string, start: number, stop: number): Decoder {
  const stripToken = (token: string): string => {
    const characters = [...token];
    let first = 0;
    while (first < start && characters[first] === content) first += 1;
    let last = characters.length;
    while (characters.length - last < stop && last > 0 && characters[last - 1] === content) last -= 1;
    return characters.slice(first, Math.max(first, last)).join('');
  };
  const perToken = tokenDecoder(stripToken);
  return {
    decode: perToken.decode,
    stage(isFused) {
      if (!isFused) return perToken.stage?.(false);
      // Of one text in parts only the beginning can be told from the rest.
      return stop === 0 ? stripStartStage(content, start) : undefined;
    },
  };
}

function stripStartStage(content: string, start: number): DecoderStage {
  let left = start;
  return {
    push(part) {
      const characters = [...part];
      let first = 0;
      while (left > 0 && characters[first] === content) {
        first += 1;
        left -= 1;
      }
      if (first < characters.length) left = 0;
      return [characters.slice(first).join('')];
    },
    end: () => [],
  };
}

/** Replaces matches in each token. */
export function replaceDecoder(pattern: Pattern, content: string): Decoder {
  const each = tokenDecoder((token) =>
    findMatches(pattern, token)
      .map(({ start, end, isMatch }) => (isMatch ? content : token.slice(start, end)))
      .join(''),
  );
  const isCharacter = pattern.kind === 'text' && [...pattern.text].length === 1;
  // A single character cannot lie across two parts of a text.
  return { decode: each.decode, stage: (isFused) => each.stage?.(isFused && !isCharacter) };
}

export const fuseDecoder: Decoder = {
  decode: (tokens) => [tokens.join('')],
  fuses: true,
  stage: () => ({ push: (token) => [token], end: () => [] }),
};

/** What joins tokens where the file has no decoder. */
export const spacingDecoder: Decoder = tokenDecoder((token, isFirst) => (isFirst ? token : ` ${token}`));
