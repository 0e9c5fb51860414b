import { type IndexLevel, mulberry32, Tokens } from '@tesserae/core/data';
import { assert, asyncProperty, integer, nat, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64url, toBase64url } from './base64url';
import { linkCharacters, linkOf, memoIn } from './link';
import { readMemo, writeMemo } from './memo';
import { codebooksThatFit, framesOf, type MemoModel } from './memo-layout';

const model: MemoModel = {
  identity: { id: 'audio/mel-rvq', variant: 'audio-starter', library: 'test', fingerprint: '89abcdef01234567' },
  codebookSize: 1024,
  codebooks: 4,
  sampleRate: 16_000,
  hopLength: 320,
};

/** Tokens of a message with ids of a seed. */
function message(samples: number, codebooks: number, seed = 1): Tokens {
  const random = mulberry32(seed);
  const frames = framesOf(samples, model);
  const level = (): IndexLevel => ({
    kind: 'index',
    vocabularySize: model.codebookSize,
    shape: [frames],
    axes: ['time'],
    data: Int32Array.from(random.uniform(frames), (value) => Math.floor(value * model.codebookSize)),
  });
  return new Tokens({
    tokenizer: model.identity,
    levels: Array.from({ length: codebooks }, level),
    source: { modality: 'audio', pipeline: 'none', sampleRate: model.sampleRate, samples },
    prefixUnit: 'level',
  });
}

/** The same bytes with another value at a place, and the checksum that fits them. */
async function changed(memo: string, at: number, value: number): Promise<string> {
  const bytes = fromBase64url(memo)!;
  bytes[at] = value;
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes.subarray(0, -4)));
  bytes.set(new Uint8Array(digest).subarray(0, 4), bytes.length - 4);
  return toBase64url(bytes);
}

describe('base64url', () => {
  it('gives back all bytes, in the spelling of RFC 4648', () => {
    assert(
      property(uint8Array({ maxLength: 50 }), (bytes) => {
        expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
      }),
    );
    expect(toBase64url(Uint8Array.of(0xfb, 0xff, 0xfe))).toBe('-__-');
    expect(toBase64url(Uint8Array.of(0x66))).toBe('Zg');
  });

  it('takes one spelling only', () => {
    for (const text of ['Zh', 'Zg==', 'Zg+', 'Z', 'Z g', 'ä']) expect(fromBase64url(text)).toBeUndefined();
  });
});

describe('a memo', () => {
  it('holds the ids, the samples and the codebooks of a message', async () => {
    const inputs = [integer({ min: 1, max: 100_000 }), integer({ min: 1, max: 4 }), nat()] as const;
    await assert(
      asyncProperty(...inputs, async (samples, codebooks, seed) => {
        const tokens = message(samples, codebooks, seed);
        const memo = await writeMemo(tokens, model);
        const found = await readMemo(memo, model);
        expect(found.levels).toEqual(tokens.levels);
        expect(found.source).toEqual(tokens.source);
      }),
      { numRuns: 30 },
    );
  });

  it('is as long as its layout says, and fits where that was asked for', async () => {
    const memo = await writeMemo(message(16_000, 1), model);
    // 14 bytes around 50 ids of 10 bits, 4 characters for 3 bytes.
    expect(memo).toHaveLength(103);
    expect(memo).toMatch(/^AQGAPgAAiavN/u);
    for (const [samples, most] of [
      [16_000, 103],
      [16_000, 186],
      [80_000, 2000],
      [320_000, 2000],
    ] as const) {
      const codebooks = codebooksThatFit(samples, most, model);
      expect((await writeMemo(message(samples, codebooks), model)).length).toBeLessThanOrEqual(most);
      if (codebooks === 4) continue;
      expect((await writeMemo(message(samples, codebooks + 1), model)).length).toBeGreaterThan(most);
    }
  });

  it('says how much fits where a message does not', () => {
    expect(() => codebooksThatFit(16_000, 102, model)).toThrow(
      'message: expected at most 0.98 s of sound, which is what 102 characters hold, got 1.00 s.',
    );
    expect(() => codebooksThatFit(1, 3, model)).toThrow('at most 0.00 s');
    expect(codebooksThatFit(16_000, 103, model)).toBe(1);
  });

  it('is refused where a character is changed or missing', async () => {
    const memo = await writeMemo(message(8000, 2), model);
    for (let at = 0; at < memo.length; at += 1) {
      const other = memo[at] === 'A' ? 'B' : 'A';
      for (const damaged of [memo.slice(0, at) + other + memo.slice(at + 1), memo.slice(0, at)])
        await expect(readMemo(damaged, model)).rejects.toMatchObject({ name: 'TokensError', code: 'malformed' });
    }
    await expect(readMemo(`${memo}AAAA`, model)).rejects.toThrow('checksum');
  });

  it('says what is wrong with strings that are no memo of this model', async () => {
    const memo = await writeMemo(message(8000, 2), model);
    for (const [text, code, reason] of [
      ['', 'malformed', 'got an empty string'],
      ['hello world', 'malformed', 'expected letters, digits, - and _ (base64url), got " " at 5'],
      ['AQGAP', 'malformed', 'got 5 characters that do not end with a byte'],
      ['AQGA', 'malformed', 'expected at least 14 bytes, got 3'],
      ['dQw4w9WgXcQdQw4w9WgXcQdQw4w9WgXcQdQw', 'malformed', 'checksum'],
      [await changed(memo, 0, 2), 'unsupported-version', 'expected version 1, got 2'],
      [await changed(memo, 1, 0), 'malformed', 'expected 1 to 4 codebooks, got 0'],
      [await changed(memo, 1, 9), 'malformed', 'expected 1 to 4 codebooks, got 9'],
      [await changed(memo, 1, 3), 'malformed', 'expected 96 bytes of ids for 8000 samples, got 64'],
      [await changed(memo, 5, 255), 'malformed', 'bytes of ids'],
      [
        await changed(memo, 6, 0),
        'fingerprint-mismatch',
        'expected one made with the weights 89abcdef (audio-starter)',
      ],
      // The last two ids leave four bits over.
      [await changed(memo, 41, 255), 'malformed', 'levels[0]'],
      [await writeEmpty(), 'malformed', 'expected at least one sample'],
    ] as const) {
      const failed = readMemo(text, model);
      await expect(failed).rejects.toMatchObject({ name: 'TokensError', code });
      await expect(failed).rejects.toThrow(reason);
    }
  });

  const writeEmpty = async () => {
    const bytes = fromBase64url(await writeMemo(message(320, 1), model))!;
    const empty = new Uint8Array(14);
    empty.set(bytes.subarray(0, 10));
    empty.fill(0, 2, 6);
    return changed(toBase64url(empty), 0, 1);
  };

  it('is not written of anything else', async () => {
    const tokens = message(320, 1);
    const other = new Tokens({ ...tokens, source: { ...tokens.source, sampleRate: 24_000 } as Tokens['source'] });
    await expect(writeMemo(other, model)).rejects.toThrow('expected sound at 16000 Hz, got sound at 24000 Hz');
    const text = new Tokens({ ...tokens, source: { modality: 'text', pipeline: 'none', characters: 1 } });
    await expect(writeMemo(text, model)).rejects.toMatchObject({ code: 'invalid-tokens' });
  });
});

describe('a link', () => {
  it('holds the memo behind its #', () => {
    const link = linkOf('http://localhost:4181/', 'AQG');
    expect(link).toBe('http://localhost:4181/#memo=AQG');
    expect(linkCharacters('http://localhost:4181/')).toBe(link.length - 3);
    for (const text of [link, '#memo=AQG', ' AQG\n']) expect(memoIn(text)).toBe('AQG');
  });
});
