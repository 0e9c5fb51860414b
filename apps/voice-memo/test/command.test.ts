import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSound, encodeWav, melRvq, readAudio } from '@tesserae/audio';
import { capturedOutput } from '@tesserae/cli/captured-output';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeMessage } from '../src/memo/message';
import { run } from '../src/run';

const before = process.cwd();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voice-memo-'));
  process.chdir(folder);
  const sound = checkSound();
  await writeFile('message.wav', encodeWav(sound));
  const [voice] = sound.channels as [Float32Array];
  // 48 kHz in two channels: what the command has to bring to the model's rate and to one channel.
  const channels = [0.5, 1].map((gain) => voice.map((value) => gain * value));
  await writeFile('stereo.wav', encodeWav({ ...sound, sampleRate: 48_000, channels }));
  await writeFile('notes.txt', 'no sound');
  await writeFile('empty.wav', encodeWav({ ...sound, channels: [new Float32Array(0)] }));
});

afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

/** The command in this process. */
async function command(...given: readonly string[]) {
  const { code, stdout, stderr } = await capturedOutput(() => run(given, new AbortController().signal));
  return { code, stdout: stdout.toString(), stderr };
}

describe('voice-memo', () => {
  it('makes a string of a message, and the message of the string', async () => {
    const { code, stdout, stderr } = await command('encode', 'message.wav');
    expect([code, stderr]).toEqual([0, '1.00 s, 4 of 4 codebooks, 2000 bit/s: 355 of 2000 characters\n']);
    const memo = stdout.trim();
    expect(memo).toMatch(/^AQSAPgAA[\w-]+$/u);
    expect(memo).toHaveLength(355);
    const played = await command('play', memo, '-o', 'out/message.wav');
    expect(played).toEqual({ code: 0, stdout: 'out/message.wav  1.00 s, 16000 Hz\n', stderr: '' });
    const tokenizer = await melRvq.fromPretrained('audio-starter');
    const sound = await readAudio('message.wav');
    expect((await encodeMessage(tokenizer, sound, 2000)).memo).toBe(memo);
    const decoded = await tokenizer.decode(await tokenizer.encode(sound));
    await tokenizer.dispose();
    const file = await readAudio('./out/message.wav');
    expect(file.channels[0]).toHaveLength(16_000);
    const far = file.channels[0]!.findIndex((value, at) => Math.abs(value - decoded.channels[0]![at]!) > 1e-4);
    expect(far).toBe(-1);
  });

  it('keeps as many codebooks as the characters allow, the link counted', async () => {
    const page = 'http://localhost:4181/';
    const { stdout } = await command('encode', 'message.wav', '--most', '220', '--link', page, '--json');
    const { memo, ...facts } = JSON.parse(stdout) as { readonly memo: string };
    expect(facts).toEqual({
      samples: 16_000,
      seconds: 1,
      codebooks: 2,
      allCodebooks: 4,
      bitsPerSecond: 1000,
      characters: memo.length,
      most: 220,
    });
    expect(memo.startsWith(`${page}#memo=AQK`)).toBe(true);
    expect(memo.length).toBeLessThanOrEqual(220);
    const played = await command('play', memo, '-o', 'link.wav', '--json');
    expect(JSON.parse(played.stdout)).toEqual({ output: 'link.wav', samples: 16_000, sampleRate: 16_000, seconds: 1 });
  });

  it('brings channels and rates to those of the model', async () => {
    const { code } = await command('encode', 'stereo.wav', '--out', 'stereo.txt', '--quiet');
    expect(code).toBe(0);
    const memo = (await readFile('stereo.txt', 'utf8')).trim();
    expect((await command('play', memo, '-o', 'third.wav')).stdout).toBe('third.wav  0.33 s, 16000 Hz\n');
  });

  it('names what is wrong', async () => {
    const memo = (await command('encode', 'message.wav', '--quiet')).stdout.trim();
    for (const [message, code, ...given] of [
      ['expected a sound file, got nothing', 2, 'encode'],
      ['expected a sound file, got 2 operands', 2, 'encode', 'message.wav', 'notes.txt'],
      [
        'expected at most 0.98 s of sound, which is what 102 characters hold, got 1.00 s',
        1,
        'encode',
        'message.wav',
        '--most',
        '102',
      ],
      ['--most: expected a whole number of at least 1, got 0', 2, 'encode', 'message.wav', '--most', '0'],
      [
        '--most: expected more than the 28 characters of --link, got 20',
        2,
        'encode',
        'message.wav',
        '--most',
        '20',
        '--link',
        'http://localhost:4181',
      ],
      ['--link: expected the address of a page', 2, 'encode', 'message.wav', '--link', 'localhost'],
      ['--link: expected the address of a page', 2, 'encode', 'message.wav', '--link', 'http://localhost/#x'],
      ['notes.txt', 1, 'encode', 'notes.txt'],
      ['absent.wav', 1, 'encode', 'absent.wav'],
      ['at least one sample, got none', 1, 'encode', 'empty.wav'],
      ['--engine: expected auto', 2, 'encode', 'message.wav', '--engine', 'steam'],
      ['expected a string or a link, got nothing', 2, 'play'],
      ['expected --out', 2, 'play', memo],
      ['memo: expected the whole of a memo', 1, 'play', memo.slice(0, -4), '-o', 'never.wav'],
      ['memo: expected letters, digits', 1, 'play', 'http://localhost:4181/', '-o', 'never.wav'],
      ['expected no operands', 2, 'serve', 'message.wav'],
      ['no command is called record', 2, 'record'],
    ] as const) {
      const found = await command(...given);
      expect(found).toMatchObject({ code, stderr: expect.stringContaining(message) });
    }
  });

  it('shows how it is used', async () => {
    const help = await command('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/Usage: voice-memo <command>.*encode .*play .*serve /s);
    expect(await command()).toMatchObject({ code: 2, stdout: help.stdout });
    for (const name of ['encode', 'play', 'serve'])
      expect((await command(name, '--help')).stdout).toContain(`Usage: voice-memo ${name} `);
  });

  it('reads standard input as a process of its own', async () => {
    const bin = fileURLToPath(new URL('../bin.mjs', import.meta.url));
    const child = spawn(process.execPath, [bin, 'encode', '-', '--quiet']);
    child.stdin.end(await readFile('message.wav'));
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = (await once(child, 'close')) as [number];
    expect([code, Buffer.concat(chunks).toString()]).toEqual([0, (await command('encode', 'message.wav')).stdout]);
  });
});
