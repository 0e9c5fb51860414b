import { InputError } from '@tesserae/core/data';
import { defaultSentenceLength, sentenceLengths } from './sentence-lengths';

/** How likely a segment of a length is, not normalized. Lengths in code points. */
export interface LengthPrior {
  /** `uniform` (default): every length alike. */
  readonly kind?: 'uniform' | 'gaussian' | 'clipped-polynomial' | 'lognormal';
  /** The likeliest length. Default: that of the language, else 70. */
  readonly targetLength?: number;
  /** Standard deviation; the polynomial is zero that far from the target. Default: that of the language, else 25. */
  readonly spread?: number;
  /** Code of the language whose sentence lengths are the defaults: `de`. Languages without statistics have 70 and 25. */
  readonly language?: string;
  /** Longer segments have probability 0. Default: no limit. */
  readonly maxLength?: number;
}

/**
 * The prior of a length (`create_prior_function` of wtpsplit): gaussian `exp(-((l - t) / s)² / 2)`, clipped polynomial
 * `max(0, 1 - ((l - t) / s)²)`, lognormal with `σ = s / t` and its mode at `t`.
 *
 * @throws {InputError} An unknown kind; a target, spread or limit that is no positive number.
 */
export function lengthPrior(prior: LengthPrior = {}): (length: number) => number {
  const { kind = 'uniform', language, maxLength = Infinity } = prior;
  const usual = (language !== undefined && sentenceLengths.get(language)) || defaultSentenceLength;
  const { targetLength: target = usual.targetLength, spread = usual.spread } = prior;
  for (const [name, value] of Object.entries({ targetLength: target, spread, maxLength })) {
    if (!(value > 0)) throw new InputError(`prior.${name}`, 'a positive number', String(value));
  }
  const density = densityOf(kind, target, spread);
  return (length) => (length > maxLength ? 0 : density(length));
}

function densityOf(kind: NonNullable<LengthPrior['kind']>, target: number, spread: number): (length: number) => number {
  switch (kind) {
    case 'uniform':
      return () => 1;
    case 'gaussian':
      return (length) => Math.exp(-0.5 * ((length - target) / spread) ** 2);
    case 'clipped-polynomial': {
      const falloff = 1 / spread ** 2;
      return (length) => Math.max(1 - falloff * (length - target) ** 2, 0);
    }
    case 'lognormal': {
      const deviation = spread / target;
      const mean = Math.log(target) + deviation ** 2;
      return (length) => (length <= 0 ? 0 : Math.exp(-0.5 * ((Math.log(length) - mean) / deviation) ** 2) / length);
    }
    default:
      throw new InputError('prior.kind', 'uniform, gaussian, clipped-polynomial or lognormal', String(kind));
  }
}
