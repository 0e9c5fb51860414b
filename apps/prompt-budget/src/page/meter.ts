import type { FitResult, FittedDocument } from '../fit/fit-documents';

/** A stretch of the bar that shows the budget. */
export interface MeterPart {
  /** Place in the list of documents; undefined for what is around them. */
  readonly document: number | undefined;
  readonly tokens: number;
  /** Percent of the bar. */
  readonly width: number;
}

/** Stretches of the bar, each as wide as its tokens; a prompt that is too long fills all of it. */
export function meterParts({ documents, rest, tokens, budget }: FitResult): readonly MeterPart[] {
  const whole = Math.max(tokens, budget, 1);
  const part = (count: number, document?: number): MeterPart => ({
    document,
    tokens: count,
    width: (100 * count) / whole,
  });
  const parts = documents.map(({ inPrompt }, index) => part(inPrompt, index));
  return [...parts, part(rest)].filter(({ tokens: count }) => count > 0);
}

/** `7,998 of 8,000 tokens, 2 free`. */
export function meterText({ tokens, budget, fits }: FitResult): string {
  const left = fits ? `${number(budget - tokens)} free` : `${number(tokens - budget)} too many`;
  return `${number(tokens)} of ${number(budget)} tokens, ${left}`;
}

/** `kept whole, 120 tokens`. */
export function documentText({ state, tokens, inPrompt }: FittedDocument): string {
  if (state === 'left out') return `left out, ${number(tokens)} tokens`;
  if (state === 'whole') return `whole, ${number(inPrompt)} tokens`;
  return `cut, ${number(inPrompt)} in the prompt of ${number(tokens)} tokens`;
}

const number = (value: number): string => value.toLocaleString('en-US');
