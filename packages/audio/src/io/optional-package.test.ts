import { describe, expect, it } from 'vitest';
import { optionalPackage } from './optional-package';

describe('optionalPackage', () => {
  it('gives what loads', async () => {
    expect(await optionalPackage('MP3', 'some-decoder', async () => 1)).toBe(1);
  });

  it('names the package to install', async () => {
    const missing = () => Promise.reject(new Error('Cannot find package'));
    await expect(optionalPackage('a.mp3: MP3', 'some-decoder', missing)).rejects.toMatchObject({
      name: 'UnsupportedError',
      message: expect.stringMatching(/^a\.mp3: MP3: needs the package some-decoder.*npm install some-decoder/),
    });
  });
});
