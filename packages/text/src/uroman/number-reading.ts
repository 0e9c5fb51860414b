import type { CharacterNumber } from './character-numbers';

/** Number that an edge stands for: whole numbers are `bigint`, others `number`. */
export interface NumberReading {
  /** Text that the number was written with. */
  source: string;
  value: bigint | number | undefined;
  /** Digits as they were written. */
  valueText: string | undefined;
  fraction: CharacterNumber['fraction'];
  base: bigint | undefined;
  isChinese: boolean;
  isLargePower: boolean;
  /** False for numbers that a larger one holds. */
  isActive: boolean;
}

/** As a text: digits, then a fraction, and the source where there is neither. */
export function numberText({ value, valueText, fraction, source }: NumberReading): string {
  const whole = valueText ?? (value === undefined ? '' : printNumber(value));
  const parts = fraction ? `${fraction[0]}/${fraction[1]}` : '';
  return whole + (whole !== '' && parts !== '' ? ' ' : '') + parts || source;
}

/** Digits of a number as Python prints it. */
export function printNumber(value: bigint | number): string {
  if (typeof value === 'bigint') return value.toString();
  if (!Number.isFinite(value)) return 'inf';
  if (value >= 1e16) return value.toExponential();
  if (Number.isInteger(value)) return value.toFixed(1);
  return value < 1e-4 ? value.toExponential().replace(/e-(\d)$/, 'e-0$1') : String(value);
}
