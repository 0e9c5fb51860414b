import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { encodeWav, readAudio } from '@tesserae/audio';
import { type AudioSignal, readTokensFile, Tokens } from '@tesserae/core';
import { readImage } from '@tesserae/image';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandBox, finished } from './tesserae';

const box = commandBox();
/** Small DAC checkpoint: 24 kHz, hop 320, four codebooks of 64. */
const dac = fileURLToPath(
  new URL('../../../packages/audio/test/fixtures/dac/24khz-odd-stride-pth/weights.pth', import.meta.url),
);
/** Small WavTokenizer checkpoint, which decodes whole clips. */
const wavtokenizer = fileURLToPath(
  new URL(
    '../../../packages/audio/test/fixtures/wavtokenizer/pipeline-bandwidth-id/weights.safetensors',
    import.meta.url,
  ),
);

/** A sound that never repeats, -0.6..0.6. */
function sound(samples: number, sampleRate = 24_000, channels = 1): AudioSignal {
  let state = 7;
  return {
    modality: 'audio',
    sampleRate,
    channels: Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: samples }, (__, index) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return 0.4 * Math.sin(index * (0.02 + 0.01 * channel)) + 0.2 * (state / 2 ** 31 - 1);
      }),
    ),
  };
}

const write = (name: string, signal: AudioSignal) => writeFile(box.path(name), encodeWav(signal));
const tokensOf = async (name: string) => readTokensFile(await readFile(box.path(name)));

beforeAll(async () => {
  await write('speech.wav', sound(30_001, 16_000));
  await write('stereo.wav', sound(9_000, 24_000, 2));
});

describe('a sound there and back', () => {
  it('encodes, decodes, compares and inspects', async () => {
    const encoded = await box.run('encode', 'speech.wav', '--model', dac);
    expect(encoded).toMatchObject({ code: 0, stderr: '' });
    expect(encoded.stdout.toString()).toContain('speech.wav -> speech.tok  564 tokens, 1.88 s, 423 bytes of payload');
    const decoded = await box.run('decode', 'speech.tok', '--model', dac, '-o', 'out/back.flac');
    expect(decoded.stdout.toString()).toContain('1.88 s, 24000 Hz, mono');
    expect(await readAudio(box.path('out/back.flac'))).toMatchObject({ sampleRate: 24_000 });
    const compared = await box.json<object>('compare', 'speech.wav', 'speech.tok', '--model', dac);
    expect(compared).toMatchObject({
      sampleRate: 24_000,
      channels: 1,
      stoi: expect.any(Number),
      estoi: expect.any(Number),
      mel: expect.any(Number),
      siSdr: expect.any(Number),
      payloadBytes: 423,
    });
    expect(await box.json('inspect', 'speech.tok')).toMatchObject({
      kind: 'tokens',
      tokenizer: { id: 'audio/dac' },
      seconds: 1.875,
      tokensPerSecond: expect.closeTo(300.8, 0),
      source: { sampleRate: 16_000, samples: 30_001 },
    });
    expect(await box.json('inspect', 'speech.wav')).toMatchObject({
      kind: 'sound',
      format: 'WAV',
      channels: 1,
      samples: 30_001,
      peakDecibels: [expect.closeTo(-4.5, 0)],
    });
    expect(await box.partial()).toEqual([]);
  });

  it('comes back as long as it was, at the rate of the source (F054)', async () => {
    for (const [samples, rate] of [
      [4117, 44_100],
      [1, 8000],
    ] as const) {
      await write('odd.wav', sound(samples, rate));
      await box.run('encode', 'odd.wav', '--model', dac);
      await box.run(
        'decode',
        'odd.tok',
        '--model',
        dac,
        '-o',
        'odd-back.wav',
        '--rate',
        'source',
        '--samples',
        'float32',
      );
      const { sampleRate, channels } = await readAudio(box.path('odd-back.wav'));
      expect([sampleRate, channels[0]!.length]).toEqual([rate, samples]);
    }
  });

  it('gives the same values for the same sound', async () => {
    expect(await box.json('compare', 'speech.wav', 'speech.wav')).toMatchObject({
      stoi: expect.closeTo(1, 5),
      estoi: expect.closeTo(1, 5),
      mel: 0,
      snr: null,
      sampleRate: 16_000,
    });
    await write('longer.wav', sound(33_001, 16_000));
    expect(await box.json('compare', 'speech.wav', 'longer.wav')).toMatchObject({ longer: 'the other by 0.1875 s' });
  });

  it('draws a waveform and tokens', async () => {
    await box.run('inspect', 'stereo.wav', '--picture', 'wave.png');
    expect(await readImage(box.path('wave.png'))).toMatchObject({ width: 1200, height: 400 });
    await box.run('encode', 'speech.wav', '--model', dac);
    await box.run('inspect', 'speech.tok', '--picture', 'tokens.png');
    const { width, data } = await readImage(box.path('tokens.png'));
    const colors = Array.from({ length: width }, (_, x) => data.subarray(3 * x, 3 * x + 3).join(' '));
    expect(new Set(colors).size).toBeGreaterThan(5);
    await box.fails(2, 'for sounds', 'inspect', 'cat.png', '--picture', 'x.png');
  });
});

describe('channels (F051)', () => {
  it('are refused by a model of one, with both ways out', async () => {
    await box.fails(
      1,
      '--mono mean (or first, sum-sqrt) mixes them, --mono each',
      'encode',
      'stereo.wav',
      '--model',
      dac,
    );
  });

  it('are mixed', async () => {
    await box.run('encode', 'stereo.wav', '--model', dac, '--mono', 'mean', '--out', 'mixed.tok');
    expect(await tokensOf('mixed.tok')).toHaveLength(1);
  });

  it('are encoded one by one, and decoded into files of their own', async () => {
    await box.run('encode', 'stereo.wav', '--model', dac, '--mono', 'each', '--out', 'each.tok');
    const [left, right] = await tokensOf('each.tok');
    await write('right.wav', { ...sound(9_000, 24_000, 2), channels: [sound(9_000, 24_000, 2).channels[1]!] });
    await box.run('encode', 'right.wav', '--model', dac);
    expect(right).toEqual((await tokensOf('right.tok'))[0]);
    expect(left!.levels).not.toEqual(right!.levels);
    const { files } = await box.json<{ files: readonly { output: string }[] }>(
      'decode',
      'each.tok',
      '--model',
      dac,
      '--out',
      'each',
    );
    expect(files.map(({ output }) => output.replaceAll('\\', '/'))).toEqual(['each/each-1.wav', 'each/each-2.wav']);
  });
});

describe('files', () => {
  it('are found in folders and by patterns, at any depth, and keep their places', async () => {
    await mkdir(box.path('talk/one'), { recursive: true });
    await cp(box.path('speech.wav'), box.path('talk/one/a.wav'));
    await cp(box.path('speech.wav'), box.path('talk/b.WAV'));
    await writeFile(box.path('talk/notes.txt'), 'no sound');
    const { files } = await box.json<{ files: readonly { output: string }[] }>(
      'encode',
      'talk',
      '--model',
      dac,
      '--out',
      'made',
    );
    expect(files.map(({ output }) => output.replaceAll('\\', '/'))).toEqual(['made/b.tok', 'made/one/a.tok']);
    expect(await box.json('decode', 'made', '--model', dac, '--out', 'heard')).toMatchObject({
      files: [{ samples: 45_002 }, { samples: 45_002 }],
    });
    await mkdir(box.path('empty'), { recursive: true });
    await box.fails(2, 'a folder without pictures or sounds', 'encode', 'empty');
  });

  it('of several sounds in one, taken out again', async () => {
    await write('short-1.wav', sound(3000));
    await write('short-2.wav', sound(4000));
    const text = await box.run('encode', 'short-*.wav', '--model', dac, '--many-in-one', '--out', 'both.tok');
    expect(text.stdout.toString()).toContain('2 sounds in both.tok');
    expect(await box.json('decode', 'both.tok', '--model', dac, '--out', 'parts')).toMatchObject({
      files: [{ samples: 3000 }, { samples: 4000 }],
    });
    await box.fails(1, 'the tokens of one sound, got 2 sounds', 'compare', 'short-1.wav', 'both.tok', '--model', dac);
  });
});

describe('streams', () => {
  it('write parts that join to the whole', async () => {
    await write('long.wav', sound(100_000));
    await box.run('encode', 'long.wav', '--model', dac, '--out', 'whole.tok');
    await box.run('encode', 'long.wav', '--model', dac, '--stream', '--out', 'parts.tok');
    const parts = await tokensOf('parts.tok');
    expect(parts.length).toBeGreaterThan(3);
    const [whole] = await tokensOf('whole.tok');
    expect(Tokens.join(parts).levels).toEqual(whole!.levels);
    await box.run('decode', 'whole.tok', '--model', dac, '--samples', 'float32');
    await box.run('decode', 'parts.tok', '--model', dac, '--samples', 'float32');
    const [a, b] = [await readAudio(box.path('whole.wav')), await readAudio(box.path('parts.wav'))];
    expect(b.channels[0]!.length).toBe(100_000);
    expect(
      a.channels[0]!.reduce((most, value, at) => Math.max(most, Math.abs(value - b.channels[0]![at]!)), 0),
    ).toBeLessThan(1e-4);
    expect(await box.json('compare', 'long.wav', 'parts.tok', '--model', dac)).toMatchObject({ seconds: 4.167 });
  });

  it('give the first bytes before the input ends (F066)', async () => {
    const wav = encodeWav(sound(120_000));
    const encoding = box.start(['encode', '-', '--model', dac, '--quiet']);
    const decoding = box.start(['decode', '-', '--model', dac, '--quiet']);
    encoding.stdout!.pipe(decoding.stdin!);
    const [encoded, decoded] = [finished(encoding), finished(decoding)];
    // Three of five seconds; the rest waits for the answer.
    encoding.stdin!.write(wav.subarray(0, 44 + 144_000));
    await new Promise((heard) => decoding.stdout!.once('data', heard));
    encoding.stdin!.end(wav.subarray(44 + 144_000));
    expect(await encoded).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await decoded;
    expect([code, stderr]).toEqual([0, '']);
    const back = await readAudio(new Uint8Array(stdout));
    expect(back.channels[0]!.length).toBe(120_000);
  });

  it('of raw samples are those of a file', async () => {
    const wav = encodeWav(sound(30_000));
    await writeFile(box.path('plain.wav'), wav);
    await writeFile(box.path('plain.bin'), wav.subarray(44));
    await box.run('encode', 'plain.wav', '--model', dac);
    await box.run('encode', 'plain.bin', '--raw', 'int16', '--rate', '24000', '--model', dac, '-o', 'raw.tok');
    expect((await tokensOf('raw.tok'))[0]!.levels).toEqual((await tokensOf('plain.tok'))[0]!.levels);
    await box.run('decode', 'plain.tok', '--model', dac, '-o', 'back.wav');
    await box.run('decode', 'plain.tok', '--model', dac, '-o', 'back.raw');
    const [file, bare] = [await readFile(box.path('back.wav')), await readFile(box.path('back.raw'))];
    expect(bare.equals(file.subarray(44))).toBe(true);
  });

  it('of a model that decodes whole clips are approximations, and say so', async () => {
    await write('long.wav', sound(200_000));
    await box.run('encode', 'long.wav', '--model', wavtokenizer, '-o', 'clip.tok');
    const exact = await box.run('decode', 'clip.tok', '--model', wavtokenizer, '-o', 'exact.wav');
    const streamed = await box.run('decode', 'clip.tok', '--model', wavtokenizer, '-o', 'near.wav', '--stream');
    expect(exact).toMatchObject({ code: 0, stderr: '' });
    expect(streamed.stderr).toContain('decodes whole clips');
    expect((await readAudio(box.path('near.wav'))).channels[0]!.length).toBe(200_000);
  });
});

describe('what is wrong', () => {
  it('with options', async () => {
    const { fails } = box;
    await fails(2, '--fit is for pictures, not for sounds', 'encode', 'speech.wav', '--fit', 'pad');
    await fails(2, '--stream is for sounds, not for pictures', 'encode', 'cat.png', '--stream');
    await fails(2, 'need --raw', 'encode', 'speech.wav', '--rate', '24000');
    await fails(2, '--raw needs --rate', 'encode', 'speech.wav', '--raw', 'int16');
    await fails(2, 'expected mean, first, sum-sqrt, each', 'encode', 'speech.wav', '--mono', 'left');
    await fails(2, '--stream goes without', 'encode', 'speech.wav', '--stream', '--entropy', 'rans');
    await fails(1, '--bandwidth is for EnCodec', 'encode', 'speech.wav', '--bandwidth', '3', '--model', dac);
    await box.run('encode', 'speech.wav', '--model', dac);
    await fails(2, 'expected wav, flac, opus, mp3, raw for sounds', 'decode', 'speech.tok', '--format', 'png');
    await fails(2, '--quality is for pictures', 'decode', 'speech.tok', '--quality', '3', '--model', dac);
    await fails(1, 'name them with --model', 'decode', 'speech.tok', '-o', 'x.wav');
    await fails(1, 'is a model of pictures, not of sounds', 'encode', 'speech.wav', '--model', 'titok-l32');
    await fails(1, 'is a model of sounds, not of pictures', 'encode', 'cat.png', '--model', 'mimi');
  });

  it('with sounds', async () => {
    const { fails } = box;
    await writeFile(box.path('text.wav'), 'no sound at all');
    await write('none.wav', sound(0));
    const nan = encodeWav(sound(100), { format: 'float32' });
    new DataView(nan.buffer).setFloat32(nan.length - 8, Number.NaN, true);
    await writeFile(box.path('nan.wav'), nan);
    await fails(1, 'ENOENT', 'encode', 'absent.wav', '--model', dac);
    await fails(1, 'text.wav', 'encode', 'text.wav', '--model', dac);
    await fails(1, 'at least one sample', 'encode', 'none.wav', '--model', dac);
    await fails(1, 'finite', 'encode', 'nan.wav', '--model', dac);
    await fails(1, 'expected a picture, as cat.png, got a sound', 'compare', 'cat.png', 'speech.wav');
    await fails(1, 'cannot be decoded', 'decode', 'speech.tok', '--model', wavtokenizer, '-o', 'x.wav');
  });

  it('does not stop the others', async () => {
    const { code, stderr } = await box.run('encode', 'absent.wav', 'speech.wav', '--model', dac, '--out', 'some');
    expect([code, stderr]).toEqual([1, expect.stringContaining('absent.wav')]);
    expect(await tokensOf('some/speech.tok')).toHaveLength(1);
  });
});

describe('checkpoints and presets of sound', () => {
  it('are named', async () => {
    expect(await box.json('inspect', dac)).toMatchObject({ kind: 'checkpoint', system: 'audio/dac' });
    await box.fails(1, 'Did you mean mimi', 'pull', 'mimmi');
  });
});

describe.runIf(process.platform !== 'win32')('Ctrl-C', () => {
  it.each([['encode', '--stream'], ['decode']])('leaves nothing half written: %s (F114)', async (...given) => {
    const isEncoding = given[0] === 'encode';
    await write('forever.wav', sound(24_000 * 20));
    await box.run('encode', 'forever.wav', '--model', dac, '--stream', '--out', 'forever.tok');
    const input = await readFile(box.path(isEncoding ? 'forever.wav' : 'forever.tok'));
    await mkdir(box.path(given[0]!), { recursive: true });
    const child = box.start([
      ...given,
      '-',
      '--model',
      dac,
      '--out',
      `${given[0]}/never.${isEncoding ? 'tok' : 'wav'}`,
    ]);
    const ended = finished(child);
    // The rest of what is written has no reader once the command has ended.
    child.stdin!.on('error', () => undefined);
    child.stdin!.write(input.subarray(0, input.length - 100));
    const unfinished = async () => (await box.partial(given[0])).length;
    for (let tries = 0; tries < 600 && (await unfinished()) === 0 && child.exitCode === null; tries += 1)
      await new Promise((later) => setTimeout(later, 100));
    expect(child.exitCode === null ? '' : (await ended).stderr).toBe('');
    expect(await unfinished()).toBe(1);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ signal: 'SIGINT' });
    expect(await box.partial(given[0])).toEqual([]);
  });
});
