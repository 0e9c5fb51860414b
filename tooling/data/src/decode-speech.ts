import { execFile } from 'node:child_process';

/** Rate of the speech sets, Hz. */
export const speechRate = 16_000;

/** Formats that bytes do not show by themselves, as ffmpeg calls them. */
export type RawFormat = 'g722';

/**
 * Decodes a recording with the `ffmpeg` command: mono, 16 kHz, 16-bit.
 *
 * @param format - Of files without a header; others are recognised.
 * @throws {Error} ffmpeg is missing or cannot read it.
 */
export function decodeSpeech(bytes: Uint8Array, format?: RawFormat): Promise<Int16Array> {
  const input = [...(format ? ['-f', format] : []), '-i', 'pipe:0'];
  const output = ['-ac', '1', '-ar', String(speechRate), '-f', 's16le', 'pipe:1'];
  return new Promise((resolve, reject) => {
    const options = { encoding: 'buffer', maxBuffer: 2 ** 30 } as const;
    const child = execFile('ffmpeg', ['-v', 'error', ...input, ...output], options, (error, stdout) => {
      if (error) reject(error);
      else resolve(new Int16Array(Uint8Array.from(stdout).buffer));
    });
    // A decoder that has seen enough closes its input early.
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(bytes);
  });
}
