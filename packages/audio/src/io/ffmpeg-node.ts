import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { InputError, UnsupportedError } from '@tesserae/core/data';
import type { AudioFiles } from './files';

/** Of what the program says, the end is kept. */
const largestMessage = 4096;

/**
 * The first sound of a file as WAV with 32-bit floats, unknown length, at its own rate. No shell, no network: playlists
 * cannot name other places than files.
 */
export const ffmpegChunks: AudioFiles['ffmpegChunks'] = async function* (input, { command, name, signal }) {
  signal?.throwIfAborted();
  const source = typeof input === 'string' ? `file:${resolve(input)}` : 'pipe:0';
  const stdin = typeof input === 'string' ? 'ignore' : 'pipe';
  const child = spawn(command, argumentsFor(source), { stdio: [stdin, 'pipe', 'pipe'], windowsHide: true });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-largestMessage);
  });
  const ended = new Promise<{ readonly code: number | null; readonly error?: Error }>((done) => {
    child.once('error', (error) => done({ code: null, error }));
    child.once('close', (code) => done({ code }));
  });
  const stop = () => void child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  const feeding = typeof input === 'string' ? undefined : feed(child.stdin!, input);
  let bytes = 0;
  try {
    for await (const chunk of child.stdout! as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      yield chunk;
    }
    const { code, error } = await ended;
    signal?.throwIfAborted();
    if (error) throw notStarted(command, error);
    if (code === 0 && bytes > 0) return;
    throw new InputError(name, 'a file with sound that ffmpeg reads', reasonOf(said, code), { code: 'undecodable' });
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
    await ended;
    await feeding;
  }
};

function argumentsFor(source: string): string[] {
  const general = '-hide_banner -nostdin -v error -protocol_whitelist file,pipe';
  const output = '-map 0:a:0 -vn -sn -dn -map_metadata -1 -c:a pcm_f32le -f wav pipe:1';
  return [...general.split(' '), '-i', source, ...output.split(' ')];
}

async function feed(target: NodeJS.WritableStream, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  // The program may end before it has read everything; its exit code says whether that was right.
  const closed = new Promise<void>((done) => void target.once('close', done).once('error', () => done()));
  let isOpen = true;
  void closed.then(() => (isOpen = false));
  for await (const chunk of chunks) {
    if (!isOpen) return;
    if (!target.write(chunk)) await Promise.race([once(target, 'drain').catch(() => undefined), closed]);
  }
  target.end();
}

function notStarted(command: string, error: Error): UnsupportedError {
  return new UnsupportedError(command, `this program is not installed or cannot be run (${error.message}).`, {
    cause: error,
  });
}

/** The last line that says something. */
function reasonOf(said: string, code: number | null): string {
  const lines = said.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').at(-1) ?? `exit code ${code}`;
}
