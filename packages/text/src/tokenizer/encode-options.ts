import { InputError } from '@tesserae/core/data';
import { checkChoice, checkInteger, checkText } from './check-arguments';
import type { PaddingPlan } from './padding';
import type { TextModel } from './text-model';
import type { TextEncodeOptions, TextInput } from './text-tokenizer';

const units = ['utf16', 'codepoint', 'byte'] as const;
const strategies = ['longest-first', 'only-first', 'only-second'] as const;
const directions = ['left', 'right'] as const;
const modes = ['ordinary', 'allow', 'error'] as const;

/**
 * What types do not keep a caller from.
 *
 * @throws {InputError} It names the option.
 */
export function checkOptions(options: TextEncodeOptions): void {
  const { specials, offsets, dropout = 0, sampling, random, truncation, padding } = options;
  if (typeof specials !== 'object' && specials !== undefined) checkChoice('specials', specials, modes);
  if (offsets !== undefined) checkChoice('offsets', offsets, units);
  if (!(dropout >= 0 && dropout <= 1)) throw new InputError('dropout', 'a probability of 0..1', String(dropout));
  if ((dropout > 0 || sampling) && !random) {
    throw new InputError('random', 'a source of random numbers for dropout or sampling', 'none');
  }
  if (sampling) {
    if (!Number.isFinite(sampling.alpha)) {
      throw new InputError('sampling.alpha', 'a number', String(sampling.alpha));
    }
    if (sampling.nbestSize !== undefined) checkInteger('sampling.nbestSize', sampling.nbestSize, -1);
  }
  if (truncation?.strategy !== undefined) checkChoice('truncation.strategy', truncation.strategy, strategies);
  if (truncation?.direction !== undefined) checkChoice('truncation.direction', truncation.direction, directions);
  if (padding?.direction !== undefined) checkChoice('padding.direction', padding.direction, directions);
  if (padding?.id !== undefined) checkInteger('padding.id', padding.id, 0);
}

/** The one or two texts of an input. */
export function textsOf(argument: string, input: TextInput, pair: string | undefined): readonly string[] {
  const texts = Array.isArray(input) ? (input as readonly string[]) : [input as string];
  if (texts.length === 2 && Array.isArray(input)) {
    for (const [place, text] of texts.entries()) checkText(`${argument}[${place}]`, text);
    if (pair !== undefined) throw new InputError('pair', 'none beside pairs of texts', 'a second text');
    return texts;
  }
  checkText(argument, input);
  if (pair === undefined) return [input];
  checkText('pair', pair);
  return [input, pair];
}

/** Padding with the defaults of the tokenizer's file; undefined where nothing is padded. */
export function paddingPlan({ defaults }: TextModel, { padding }: TextEncodeOptions): PaddingPlan | undefined {
  const length = padding?.length ?? defaults.paddingLength;
  if (length === undefined) return undefined;
  return {
    length,
    multipleOf: padding?.multipleOf ?? (padding ? 1 : defaults.padding.multipleOf),
    direction: padding?.direction ?? defaults.padding.direction,
    id: padding?.id ?? defaults.padding.id,
    typeId: padding?.typeId ?? defaults.padding.typeId,
  };
}
