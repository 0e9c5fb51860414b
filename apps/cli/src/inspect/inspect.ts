import { open, stat } from 'node:fs/promises';
import { InputError } from '@tesserae/core/data';
import { CheckpointError } from '@tesserae/core/data';
import { type CommandContext, UsageError } from '../command';
import { checkpointFacts } from './checkpoint-facts';
import { factLines, type Facts } from './facts';
import { pictureFacts } from './picture-facts';
import { tokensFacts } from './tokens-facts';

const tokensMagic = 'TOK1';

export async function inspect({ positionals, output, signal }: CommandContext): Promise<number> {
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError('expected one file or folder.');
  const facts = await factsOf(path, signal);
  for (const line of factLines(facts)) output.line(line);
  output.result(facts);
  return 0;
}

async function factsOf(path: string, signal: AbortSignal): Promise<Facts> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(path, 'a readable file or folder', cause.code ?? 'an error', { code: 'unreadable', cause });
  });
  if (found.isFile() && (await firstBytes(path)) === tokensMagic) return tokensFacts(path, signal);
  try {
    return await checkpointFacts(path, signal);
  } catch (error) {
    const isSomethingElse = error instanceof CheckpointError && error.code === 'unsupported-format';
    if (!isSomethingElse || !found.isFile()) throw error;
  }
  return pictureFacts(path, found.size, signal);
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tokensMagic.length), 0, tokensMagic.length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
