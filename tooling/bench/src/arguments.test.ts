import { describe, expect, it } from 'vitest';
import { parseArguments, UsageError } from './arguments';
import { modelNames } from './models';

describe('arguments of the benchmark', () => {
  it('default to everything, seven times', () => {
    expect(parseArguments(['image'])).toEqual({
      help: false,
      python: '/usr/bin/python3',
      runs: 7,
      models: [...modelNames],
      batches: [1, 4],
      quick: false,
      check: false,
    });
  });

  it('are few with --quick, unless said otherwise', () => {
    expect(parseArguments(['image', '--quick'])).toMatchObject({ runs: 3, models: ['titok-s128'] });
    const given = ['image', '--quick', '--runs', '2', '--models', 'titok-b64', '--engines', 'onnx,wasm'];
    expect(parseArguments(given)).toMatchObject({ runs: 2, models: ['titok-b64'], engines: ['onnx', 'wasm'] });
  });

  it('take lists, threads, a file and a Python', () => {
    const given = [
      'image',
      '--batches',
      '1,2,1',
      '--threads',
      '2',
      '--json',
      'x.json',
      '--python',
      'python3',
      '--check',
    ];
    expect(parseArguments(given)).toMatchObject({ batches: [1, 2, 1], threads: 2, json: 'x.json', check: true });
    expect(parseArguments(['image', '--engines', 'auto']).engines).toBeUndefined();
    expect(parseArguments(['--help']).help).toBe(true);
  });

  it.each([
    [[], /expected the benchmark image, got nothing/],
    [['audio'], /got audio/],
    [['image', 'more'], /got image more/],
    [['image', '--runs', '0'], /--runs: expected a whole number/],
    [['image', '--batches', '1,,4'], /--batches: .* got nothing/],
    [['image', '--models', 'titok-xl'], /--models: expected titok-l32.* got titok-xl/],
    [['image', '--engines', 'cpu'], /--engines: .* got cpu/],
    [['image', '--fast'], /--fast/],
  ])('refuse %j', (given, message) => {
    expect(() => parseArguments(given)).toThrow(UsageError);
    expect(() => parseArguments(given)).toThrow(message);
  });
});
