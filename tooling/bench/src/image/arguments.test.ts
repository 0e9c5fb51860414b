import { describe, expect, it } from 'vitest';
import { UsageError } from '../usage';
import { parseArguments } from './arguments';
import { modelNames } from './models';

describe('arguments of the benchmark', () => {
  it('default to everything, seven times', () => {
    expect(parseArguments([])).toEqual({
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
    expect(parseArguments(['--quick'])).toMatchObject({ runs: 3, models: ['titok-s128'] });
    const given = ['--quick', '--runs', '2', '--models', 'titok-b64', '--engines', 'onnx,wasm'];
    expect(parseArguments(given)).toMatchObject({ runs: 2, models: ['titok-b64'], engines: ['onnx', 'wasm'] });
  });

  it('take lists, threads, a file and a Python', () => {
    const given = ['--batches', '1,2,1', '--threads', '2', '--json', 'x.json', '--python', 'python3', '--check'];
    expect(parseArguments(given)).toMatchObject({ batches: [1, 2, 1], threads: 2, json: 'x.json', check: true });
    expect(parseArguments(['--engines', 'auto']).engines).toBeUndefined();
    expect(parseArguments(['--help']).help).toBe(true);
  });

  it.each([
    [['more'], /Unexpected argument 'more'/],
    [['--runs', '0'], /--runs: expected a whole number/],
    [['--batches', '1,,4'], /--batches: .* got nothing/],
    [['--models', 'titok-xl'], /--models: expected titok-l32.* got titok-xl/],
    [['--engines', 'cpu'], /--engines: .* got cpu/],
    [['--fast'], /--fast/],
  ])('refuse %j', (given, message) => {
    expect(() => parseArguments(given)).toThrow(UsageError);
    expect(() => parseArguments(given)).toThrow(message);
  });
});
