import { stat } from 'node:fs/promises';
import { CheckpointError, InputError, readTokensFile, startsAsTokens, type Tokens } from '@tesserae/core/data';
import { type CommandContext, textOption, UsageError } from '../command';
import { readBytes, writeBytes } from '../io/files';
import { type MediaInput, openMedia } from '../io/media-input';
import { modalities } from '../modality/modalities';
import type { Modality } from '../modality/modality';
import { recognize, signatureOf } from '../modality/recognize';
import { checkpointFacts } from './checkpoint-facts';
import { factLines, type Facts } from './facts';
import { tokensFacts } from './tokens-facts';

export async function inspect(context: CommandContext): Promise<number> {
  const { positionals, output, signal } = context;
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError('expected one file or folder.');
  const picture = textOption(context, 'picture');
  const { facts, draw } = await inspected(path, context);
  if (picture !== undefined) {
    if (!draw) throw new UsageError('--picture is for sounds and their tokens.');
    await writeBytes(picture, await draw(), signal);
  }
  for (const line of factLines(facts)) output.line(line);
  if (picture !== undefined) output.line(`-> ${picture}`);
  output.result(picture === undefined ? facts : { ...facts, picture });
  return 0;
}

interface Inspected {
  readonly facts: Facts;
  /** A PNG; absent where there is none to draw. */
  readonly draw?: () => Promise<Uint8Array>;
}

async function inspected(path: string, context: CommandContext): Promise<Inspected> {
  const { signal } = context;
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(path, 'a readable file or folder', cause.code ?? 'an error', { code: 'unreadable', cause });
  });
  const media = found.isFile() ? await openMedia(path, signal) : undefined;
  if (media && startsAsTokens(media.start)) return inspectTokens(path, signal);
  const modality = media && recognize(media.start, path);
  // A checkpoint may begin like MPEG sound: only what begins like nothing else is no checkpoint.
  if (media && modality && signatureOf(media.start) === modality) return inspectMedia(media, modality, context);
  try {
    return { facts: await checkpointFacts(path, signal) };
  } catch (error) {
    const isSomethingElse = error instanceof CheckpointError && error.code === 'unsupported-format';
    if (!isSomethingElse || !media || !modality) throw error;
  }
  return inspectMedia(media, modality, context);
}

async function inspectMedia(media: MediaInput, modality: Modality, context: CommandContext): Promise<Inspected> {
  const { draw } = modality;
  return {
    facts: await modality.fileFacts(media, context),
    ...(draw && { draw: () => draw.file(media, context) }),
  };
}

async function inspectTokens(path: string, signal: AbortSignal): Promise<Inspected> {
  const bytes = await readBytes(path, signal);
  const items: readonly Tokens[] = readTokensFile(bytes);
  const modality = modalities.find(({ name }) => name === items[0]?.source.modality);
  const draw = modality?.draw;
  return {
    facts: await tokensFacts(path, bytes.length, items, modality),
    ...(draw && { draw: () => draw.tokens(items) }),
  };
}
