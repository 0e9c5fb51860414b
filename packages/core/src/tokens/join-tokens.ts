import { TokensError } from '../errors/tokens-error';
import type { SourceFacts } from '../signal/source-facts';
import { equalJson } from './file-header';
import { joinLevels } from './levels';
import type { TokenLevel, TokensInit } from './token-types';

/** See `Tokens.join`. */
export function joinTokens(chunks: readonly TokensInit[]): TokensInit {
  const [first] = chunks;
  if (!first) {
    throw new TokensError('invalid-tokens', 'join: expected at least one chunk, got none.');
  }
  if (chunks.length === 1) {
    return first;
  }
  for (const [index, chunk] of chunks.entries()) {
    if (!equalJson(chunk.tokenizer, first.tokenizer)) {
      const names = [first, chunk].map(({ tokenizer: t }) => `${t.id} ${t.variant} ${t.fingerprint}`);
      throw new TokensError('tokenizer-mismatch', `join: expected chunks of ${names[0]}, got ${names[1]} at ${index}.`);
    }
    if (chunk.levels.length !== first.levels.length || chunk.prefixUnit !== first.prefixUnit) {
      throw new TokensError(
        'invalid-tokens',
        `join: expected ${first.levels.length} levels in every chunk, got ${chunk.levels.length} at ${index}.`,
      );
    }
  }
  const axisName = first.source.modality === 'text' ? 'token' : 'time';
  if (!first.levels.some(({ axes }) => axes.includes(axisName))) {
    throw new TokensError('invalid-tokens', `join: expected a level with the axis '${axisName}', got none.`);
  }
  return {
    ...first,
    source: joinSources(chunks.map(({ source }) => source)),
    levels: first.levels.map((level, index) =>
      joinLevel(
        index,
        chunks.map((chunk) => chunk.levels[index]!),
        level.axes.indexOf(axisName),
      ),
    ),
  };
}

function joinLevel(index: number, parts: readonly TokenLevel[], axis: number): TokenLevel {
  const [first] = parts as [TokenLevel];
  for (const [chunk, part] of parts.entries()) {
    const sameType = equalJson(typeOf(part, axis), typeOf(first, axis));
    if (!sameType || (axis < 0 && !part.data.every((value, at) => value === first.data[at]))) {
      const expected = axis < 0 ? 'the same tokens' : `${JSON.stringify(typeOf(first, axis))}`;
      throw new TokensError(
        'invalid-tokens',
        `join: levels[${index}] of chunk ${chunk}: expected ${expected} as in chunk 0.`,
      );
    }
  }
  return axis < 0 ? first : joinLevels(parts, axis);
}

/** Everything that chunks share: all but data, margins and the length of the joined axis. */
function typeOf(level: TokenLevel, axis: number): object {
  const { data: _, margins: __, ...type } = level;
  return { ...type, shape: level.shape.map((length, index) => (index === axis ? null : length)) };
}

function joinSources(sources: readonly SourceFacts[]): SourceFacts {
  const [first] = sources as [SourceFacts];
  const last = sources.at(-1)!;
  const same = (name: string): void => {
    const values = sources.map((source) => (source as unknown as Record<string, unknown>)[name]);
    const wrong = values.findIndex((value) => value !== values[0]);
    if (wrong >= 0) {
      throw new TokensError(
        'invalid-tokens',
        `join: source.${name} of chunk ${wrong}: expected ${String(values[0])}, got ${String(values[wrong])}.`,
      );
    }
  };
  const sum = (name: string): number =>
    sources.reduce((total, source) => total + (source as unknown as Record<string, number>)[name]!, 0);
  same('modality');
  same('pipeline');
  switch (first.modality) {
    case 'audio': {
      same('sampleRate');
      const scales = (sources as readonly (typeof first)[]).flatMap((source) => source.scales ?? []);
      return { ...first, samples: sum('samples'), ...(scales.length > 0 && { scales }) };
    }
    case 'video':
      for (const name of ['width', 'height', 'framesPerSecond']) {
        same(name);
      }
      return { ...first, frames: sum('frames'), padBack: (last as typeof first).padBack };
    case 'text':
      return { ...first, characters: sum('characters') };
    default:
      throw new TokensError('invalid-tokens', `join: expected chunks of audio, video or text, got ${first.modality}.`);
  }
}
