import { describe, expect, it } from 'vitest';
import { UsageError } from '../usage';
import { readAudioArguments } from './arguments';
import { modelNames } from './models';

describe('arguments of the audio benchmark', () => {
  it('default to everything', () => {
    expect(readAudioArguments([])).toEqual({
      help: false,
      python: '/usr/bin/python3',
      runs: 5,
      budget: 40,
      models: modelNames,
      directions: ['encode', 'decode'],
      seconds: [10, 60],
      parts: ['speed', 'memory', 'stream', 'others'],
      engines: ['onnx'],
      check: false,
    });
  });

  it('are few with --quick, unless said otherwise', () => {
    expect(readAudioArguments(['--quick'])).toMatchObject({ runs: 2, seconds: [10] });
    expect(readAudioArguments(['--quick', '--runs', '3', '--seconds', '2,4,2'])).toMatchObject({
      runs: 3,
      seconds: [2, 4],
    });
  });

  it('take lists, threads, a file and a Python', () => {
    const given = ['--only', 'mimi,dac-44khz', '--directions', 'decode', '--parts', 'memory', '--engines', 'wasm'];
    expect(readAudioArguments([...given, '--threads', '2', '--json', 'x.json', '--check'])).toMatchObject({
      models: ['mimi', 'dac-44khz'],
      directions: ['decode'],
      parts: ['memory'],
      engines: ['wasm'],
      threads: 2,
      json: 'x.json',
      check: true,
    });
  });

  it.each([
    [['--only', 'mimi-2'], /--only: expected wavtokenizer-40.* got mimi-2/],
    [['--seconds', '10,'], /--seconds: .* got nothing/],
    [['--budget', '0'], /--budget: expected a whole number/],
    [['--engines', 'cpu'], /--engines: .* got cpu/],
    [['more'], /Unexpected argument 'more'/],
  ])('refuse %j', (given, message) => {
    expect(() => readAudioArguments(given)).toThrow(UsageError);
    expect(() => readAudioArguments(given)).toThrow(message);
  });
});
