import { realpath, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  InputError,
  openCheckpoint,
  safetensorsStream,
  type SafetensorsStreamOptions,
  type Tolerated,
} from '@tesserae/core';
import { choiceOption, type CommandContext, flag, textOption, UsageError } from '../command';
import { checkpointFile } from '../io/checkpoint-file';
import { writeChunks } from '../io/files';
import { byteSize } from '../output/table';
import { chooseTensors, type LeftOut } from './chosen-tensors';
import { faultNames } from './fault-names';

const halves = { float16: 'F16', bfloat16: 'BF16' } as const;
/** Longer lists are cut for people; `--json` has all of them. */
const shownNames = 8;

export async function convert(context: CommandContext): Promise<number> {
  const { positionals, output, signal } = context;
  const [input, path] = positionals;
  if (input === undefined || path === undefined || positionals.length > 2)
    throw new UsageError('expected a checkpoint and the name of the new file.');
  const stream = streamOptions(context);
  const tolerate = toleratedFaults(context);
  if ((await realPath(input)) === (await realPath(path))) throw new UsageError(`${input} would be overwritten.`);
  const checkpoint = await openCheckpoint(await checkpointFile(input), { signal, tolerate });
  try {
    const { weights, keys, leftOut } = chooseTensors(checkpoint, {
      all: flag(context, 'all'),
      skipUnreadable: flag(context, 'skip-unreadable'),
    });
    const { bytes, tensors, chunks } = safetensorsStream(weights, { ...stream, keys });
    await requireSpace(path, bytes);
    await writeChunks(path, withProgress(context, path, chunks(signal), bytes), signal);
    const code = checkpoint.foreignNames ?? [];
    output.line(`${input} -> ${path}  ${counted(tensors)}, ${byteSize(bytes)}`);
    for (const line of leftOutLines(leftOut)) output.line(line);
    if (code.length > 0) output.line(`code that it names, not run: ${listed(code)}`);
    output.result({ input, output: path, format: checkpoint.format, tensors, bytes, leftOut, code });
    return 0;
  } finally {
    await checkpoint.close();
  }
}

function streamOptions(context: CommandContext): SafetensorsStreamOptions {
  const type = choiceOption(context, 'half-type', ['float16', 'bfloat16']);
  return type !== undefined || flag(context, 'half') ? { half: halves[type ?? 'float16'] } : {};
}

/** @throws {UsageError} */
function toleratedFaults(context: CommandContext): readonly Tolerated[] {
  const names = textOption(context, 'tolerate')?.split(',') ?? [];
  return names.map((name) => {
    const found = faultNames.find((fault) => fault === name);
    if (found === undefined) throw new UsageError(`--tolerate: expected ${faultNames.join(', ')}, got ${name}.`);
    return found;
  });
}

function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

/** @throws {InputError} `too-large`, before anything is written. */
async function requireSpace(path: string, bytes: number): Promise<void> {
  const facts = await statfs(dirname(resolve(path))).catch(() => undefined);
  if (!facts) return;
  const free = facts.bavail * facts.bsize;
  if (free < bytes)
    throw new InputError(path, `${byteSize(bytes)} of free space`, byteSize(free), { code: 'too-large' });
}

async function* withProgress(
  { output }: CommandContext,
  label: string,
  chunks: AsyncIterable<Uint8Array>,
  total: number,
): AsyncGenerator<Uint8Array> {
  const { onProgress, done } = output.progress(label);
  let completed = 0;
  try {
    for await (const chunk of chunks) {
      yield chunk;
      completed += chunk.length;
      onProgress({ stage: 'read', completed, total, unit: 'bytes', label });
    }
  } finally {
    done();
  }
}

function leftOutLines(leftOut: readonly LeftOut[]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { name, tensors, why } of leftOut)
    reasons.set(why, [...(reasons.get(why) ?? []), `${name} (${counted(tensors)})`]);
  return [...reasons].map(([why, names]) => `left out, ${why}: ${listed(names)}`);
}

function counted(tensors: number): string {
  return `${tensors} ${tensors === 1 ? 'tensor' : 'tensors'}`;
}

function listed(names: readonly string[]): string {
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
  return names.slice(0, shownNames).join(', ') + more;
}
