import type { Tokens } from '@tesserae/core';
import { type ImageTokenizer, imageTokenizers } from '@tesserae/image';
import { type CommandContext, textOption, UsageError } from '../command';
import { engineOption } from './engine-option';
import { licenseGate } from './license-gate';

/** Opens the model that the options name; weights are mapped, not repacked: a command runs once. */
export async function loadTokenizer(context: CommandContext, model: string): Promise<ImageTokenizer> {
  const folder = textOption(context, 'folder');
  const progress = context.output.progress(model);
  try {
    return await imageTokenizers.fromPretrained(model, {
      engine: engineOption(context),
      engineOptions: { prepack: false },
      signal: context.signal,
      onProgress: progress.onProgress,
      onLicense: licenseGate(context),
      ...(folder !== undefined && { folder }),
    });
  } finally {
    progress.done();
  }
}

/** The model that made tokens, unless the options name another. @throws {UsageError} Made by weights without a name. */
export function modelOfTokens(context: CommandContext, tokens: Tokens): string {
  const named = textOption(context, 'model');
  if (named !== undefined) return named;
  const { variant, id } = tokens.tokenizer;
  if (variant === 'custom' || variant.startsWith('random-')) {
    throw new UsageError(`the tokens were made by ${id} with weights of your own: name them with --model ./path.`);
  }
  return variant;
}
