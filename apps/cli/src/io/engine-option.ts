import { type EngineName, isEngineName } from '@tesserae/core';
import { type CommandContext, textOption, UsageError } from '../command';

/** @throws {UsageError} No such engine. */
export function engineOption(context: CommandContext): EngineName | 'auto' {
  const name = textOption(context, 'engine') ?? 'auto';
  if (name === 'auto' || isEngineName(name)) return name;
  throw new UsageError(`--engine: expected auto or the name of an engine, got ${name} (tesserae doctor lists them).`);
}
