import { TokensError } from '../../errors/tokens-error';
import type { Json } from '../../signal/signal';
import { Tokens } from '../tokens';

/** One line of JSON per item, each with a newline; margins are left out. */
export function writeJsonLines(items: readonly Tokens[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('');
}

/**
 * Reads what {@link writeJsonLines} writes; empty lines are skipped.
 *
 * @throws {TokensError} `malformed`: a line that is no JSON, named by its number; `invalid-tokens`, `out-of-range`.
 */
export function readJsonLines(text: string): Tokens[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') {
      return [];
    }
    let json: Json;
    try {
      json = JSON.parse(line) as Json;
    } catch (cause) {
      throw new TokensError('malformed', `JSON lines: line ${index + 1} is no JSON.`, { cause });
    }
    return [Tokens.fromJSON(json)];
  });
}
