import { describe, expect, it } from 'vitest';
import { isWanted, parseArguments, UsageError } from './arguments';

describe('parseArguments', () => {
  it('has defaults', () => {
    expect(parseArguments([])).toEqual({ help: false, engine: 'auto', only: [], jobs: 1, full: false, verbose: false });
  });

  it('reads everything', () => {
    const given =
      '../fixtures --engine wasm --only image/titok,audio --only text/ --jobs 2 --json out.json --full --modality image';
    expect(parseArguments(given.split(' '))).toEqual({
      help: false,
      folder: '../fixtures',
      engine: 'wasm',
      only: ['image/titok', 'audio', 'text'],
      jobs: 2,
      json: 'out.json',
      full: true,
      modality: 'image',
      verbose: false,
    });
  });

  it.each([
    ['an unknown option', ['--nope'], /--nope/],
    ['two folders', ['a', 'b'], /one folder, got a, b/],
    ['an unknown engine', ['--engine', 'gpu'], /expected auto, .*got gpu/],
    ['an unknown modality', ['--modality', 'smell'], /got smell/],
    ['no jobs', ['--jobs', '0'], /from 1 to 64, got 0/],
    ['half a job', ['--jobs', '1.5'], /got 1\.5/],
    ['an empty name', ['--only', 'image,,audio'], /empty/],
  ])('refuses %s', (_, given, message) => {
    expect(() => parseArguments(given)).toThrow(UsageError);
    expect(() => parseArguments(given)).toThrow(message);
  });
});

describe('isWanted', () => {
  it.each([
    [[], true],
    [['image'], true],
    [['image/titok'], true],
    [['image/titok/legacy-n6'], true],
    [['image/tit'], false],
    [['audio', 'image/titok'], true],
    [['image/titok/legacy-n8'], false],
  ])('image/titok/legacy-n6 with --only %j: %s', (only, wanted) => {
    expect(isWanted('image/titok/legacy-n6', only)).toBe(wanted);
  });
});
