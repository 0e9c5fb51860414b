import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { InputError } from '@tesserae/core/data';
import { type CommandContext, textOption, UsageError } from '../command';
import { expandFiles } from '../io/expand-files';
import { standardStream } from '../io/standard-stream';

/** What `--text` is called in reports. */
const givenText = '--text';

/** Texts to work on. */
export interface TextInputs {
  readonly names: readonly string[];
  /** A text in pieces that never end inside a character. @throws {InputError} `unreadable`; `undecodable`: no UTF-8. */
  chunks(name: string): AsyncIterable<string>;
  /** The same in one piece. */
  whole(name: string): Promise<string>;
}

/** The text of `--text`, or files, those in folders, those that a glob matches, and standard input. @throws {UsageError} */
export async function textInputs(context: CommandContext, operands: readonly string[]): Promise<TextInputs> {
  const text = textOption(context, 'text');
  if (text !== undefined && operands.length > 0)
    throw new UsageError(`--text goes without files, got ${operands.join(', ')}.`);
  const chunks = (name: string) => (text === undefined ? fileText(context, name) : only(text));
  return {
    names: text === undefined ? await expandFiles(operands, 'texts') : [givenText],
    chunks,
    async whole(name) {
      const parts: string[] = [];
      for await (const part of chunks(name)) parts.push(part);
      return parts.join('');
    },
  };
}

/** A file, or standard input, as it comes; a bar shows how far it is read. @throws {InputError} `unreadable`. */
export async function* fileChunks({ signal, output }: CommandContext, path: string): AsyncIterable<Uint8Array> {
  const progress = output.progress(path);
  let stream: Readable | undefined;
  try {
    const total = path === standardStream ? undefined : (await stat(path)).size;
    stream = path === standardStream ? process.stdin : createReadStream(path);
    let completed = 0;
    for await (const chunk of addAbortSignal(signal, stream)) {
      yield chunk as Buffer;
      completed += (chunk as Buffer).length;
      progress.onProgress({
        stage: 'read',
        label: path,
        completed,
        unit: 'bytes',
        ...(total !== undefined && { total }),
      });
    }
  } catch (cause) {
    signal.throwIfAborted();
    const reason = (cause as NodeJS.ErrnoException).code ?? 'an error';
    throw new InputError(path, 'a readable file', reason, { code: 'unreadable', cause });
  } finally {
    if (path !== standardStream) stream?.destroy();
    progress.done();
  }
}

/** A file, or standard input, as text in pieces. @throws {InputError} `unreadable`; `undecodable`: no UTF-8. */
export async function* fileText(context: CommandContext, path: string): AsyncIterable<string> {
  // A byte order mark is a character like any other: the ids are those of the file.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let read = 0;
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (cause) {
      const place = chunk ? `others among bytes ${read} to ${read + chunk.length}` : 'an end inside a character';
      throw new InputError(path, 'bytes of UTF-8', place, { code: 'undecodable', cause });
    }
  };
  for await (const chunk of fileChunks(context, path)) {
    const text = decode(chunk);
    read += chunk.length;
    if (text !== '') yield text;
  }
  const rest = decode();
  if (rest !== '') yield rest;
}

async function* only(text: string): AsyncIterable<string> {
  yield text;
}
