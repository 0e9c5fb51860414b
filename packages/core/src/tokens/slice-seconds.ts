import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';
import type { SourceFacts } from '../signal/source-facts';
import { sliceLevel } from './levels';
import type { TokensInit } from './token-types';

/** See `Tokens.sliceSeconds`. */
export function sliceTokensSeconds(tokens: TokensInit, start: number, end: number): TokensInit {
  const { source } = tokens;
  const duration = durationSeconds(source);
  const lengths = tokens.levels.flatMap(({ axes, shape }) =>
    axes.includes('time') ? [shape[axes.indexOf('time')]!] : [],
  );
  if (duration === undefined || lengths.length === 0) {
    throw new TokensError(
      'invalid-tokens',
      `sliceSeconds: expected tokens of audio or video with a time axis, got ${source.modality}.`,
    );
  }
  for (const [name, value] of Object.entries({ start, end })) {
    if (!(value >= 0 && value <= duration)) {
      throw new InputError(name, `0..${duration} seconds`, String(value));
    }
  }
  if (start > end) {
    throw new InputError('end', `at least the start, ${start} seconds`, String(end));
  }
  const steps = commonSteps(lengths);
  const toStep = (seconds: number): number => (duration === 0 ? 0 : Math.round((seconds / duration) * steps));
  const [from, to] = [toStep(start), toStep(end)];
  return {
    ...tokens,
    source: cutSource(source, from, to, steps),
    levels: tokens.levels.map((level) => {
      const axis = level.axes.indexOf('time');
      const perStep = axis < 0 || steps === 0 ? 0 : level.shape[axis]! / steps;
      return axis < 0 ? level : sliceLevel(level, axis, from * perStep, to * perStep);
    }),
  };
}

/** Steps that are a whole number of tokens in every level: the tokens of the slowest level where the others are multiples. */
function commonSteps(lengths: readonly number[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return lengths.reduce(divisor);
}

function durationSeconds(source: SourceFacts): number | undefined {
  switch (source.modality) {
    case 'audio':
      return source.samples / source.sampleRate;
    case 'video':
      return source.frames / source.framesPerSecond;
    default:
      return undefined;
  }
}

function cutSource(source: SourceFacts, from: number, to: number, steps: number): SourceFacts {
  const isWhole = from === 0 && to === steps;
  // Differences of rounded boundaries: the parts of a whole add up to it.
  const share = (total: number): number =>
    steps === 0 ? total : Math.round((to * total) / steps) - Math.round((from * total) / steps);
  if (source.modality === 'audio') {
    if ((source.scales?.length ?? 0) > 1 && !isWhole) {
      throw new TokensError(
        'invalid-tokens',
        'sliceSeconds: tokens of several windows with a scale each can only be cut as a whole.',
      );
    }
    return { ...source, samples: share(source.samples) };
  }
  if (source.modality === 'video') {
    return {
      ...source,
      frames: share(source.frames),
      padFront: from === 0 ? source.padFront : 0,
      padBack: to === steps ? source.padBack : 0,
    };
  }
  return source;
}
