import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandBox, finished } from './tesserae';

const box = commandBox();

/** The first half of the largest header that a token file may have. */
function halfHeader(): Buffer {
  const bytes = Buffer.alloc(8 * 1024 * 1024, ' ');
  bytes.write('TOK1');
  bytes.writeUInt32LE(1, 4);
  bytes.writeUInt32LE(2 * bytes.length, 8);
  return bytes;
}

describe.runIf(process.platform !== 'win32')('Ctrl-C', () => {
  it('ends the command by the signal and leaves nothing half written (F114)', async () => {
    const child = box.start(['encode', ...new Array<string>(200).fill('cat.png'), '--out', 'many']);
    const ended = finished(child);
    await new Promise((ready) => child.stdout!.once('data', ready));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ signal: 'SIGINT', stderr: '' });
    expect(await box.partial('many')).toEqual([]);
  });

  it('ends the wait for standard input', async () => {
    const child = box.start(['inspect', 'cat.png']);
    expect((await finished(child)).code).toBe(0);
    const waiting = box.start(['decode', '-', '--out', 'never.png']);
    const ended = finished(waiting);
    // The signal has to come after the handler: standard input is read once that is there.
    await new Promise<void>((done) => {
      waiting.stdin!.write(halfHeader(), () => done());
    });
    waiting.kill('SIGTERM');
    expect(await ended).toMatchObject({ signal: 'SIGTERM' });
    expect(existsSync(box.path('never.png'))).toBe(false);
  });
});
