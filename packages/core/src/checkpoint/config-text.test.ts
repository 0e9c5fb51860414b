import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors/config-error';
import { parseConfigText, parseConfigValue } from './config-text';
import { parsePythonLiteral } from './python-literal';

const parse = (text: string) => parseConfigText(text, 'the config');

describe('configurations as text', () => {
  it('are JSON', async () => {
    expect(await parse('\uFEFF{"a": [1, 2.5e-3, null, true], "b": {"c": "d"}}\n')).toEqual({
      a: [1, 2.5e-3, null, true],
      b: { c: 'd' },
    });
  });

  it('are Python literals', async () => {
    const text = `{'_target_': 'flextok.Quantizer', "levels": (8, 5, 4,), 'drop': None, 'on': True, 'off': False,
      'rate': -1e-4, 'big': 1_000, 3: [], 'text': 'it\\'s ' "ü\\u00fc\\x41\\n", 'nested': {'a': [(1,), ()]}}`;
    expect(await parse(text)).toEqual({
      _target_: 'flextok.Quantizer',
      levels: [8, 5, 4],
      drop: null,
      on: true,
      off: false,
      rate: -1e-4,
      big: 1000,
      3: [],
      text: "it's üüA\n",
      nested: { a: [[1], []] },
    });
  });

  it('are YAML as PyYAML reads it', async () => {
    const text = `
base: &base
  lr: 1e-4
  layers: 12
  flag: yes
  axis: y
  on: off
  3: 4
  octal: 010
model:
  <<: *base
  layers: 24
  mult: [1, 2, 4]
  betas: !!python/tuple [0.5, 0.9]
  name: !!python/unicode vq
hparams: !!python/object:argparse.Namespace
  size: 16
text: |
  two
  lines
day: 2024-01-02
none: ~
`;
    expect(await parse(text)).toEqual({
      base: { lr: 1e-4, layers: 12, flag: true, axis: 'y', on: false, 3: 4, octal: 8 },
      model: {
        lr: 1e-4,
        layers: 24,
        flag: true,
        axis: 'y',
        on: false,
        3: 4,
        octal: 8,
        mult: [1, 2, 4],
        betas: [0.5, 0.9],
        name: 'vq',
      },
      hparams: { size: 16 },
      text: 'two\nlines\n',
      day: '2024-01-02',
      none: null,
    });
  });

  it('stay data where strings look like something else', () => {
    expect(parseConfigValue('12')).toBe(12);
    expect(parseConfigValue('True')).toBe(true);
    expect(parseConfigValue('true')).toBe(true);
    expect(parseConfigValue('None')).toBe(null);
    expect(parseConfigValue('flextok.Model')).toBe('flextok.Model');
    expect(parseConfigValue('{"a": 1}')).toEqual({ a: 1 });
    expect(parseConfigValue("{'a': 1}")).toEqual({ a: 1 });
    expect(parseConfigValue('{a: 1}')).toBe('{a: 1}');
    expect(parseConfigValue('[')).toBe('[');
    expect(Object.keys(parseConfigValue('{"__proto__": {"polluted": 1}}') as object)).toEqual(['__proto__']);
  });

  it.each([
    "__import__('os').system('id')",
    "{'a': open('x')}",
    "{'a': 1 + 1}",
    "{'a': 1, 'a': 2}",
    "f'{x}'",
    "{'a' 'b'}",
    "{'a': 1",
    "'a\nb'",
    '{1: {}} []',
    'nan',
    `${'['.repeat(200)}${']'.repeat(200)}`,
    "'\\U00110000'",
  ])('are no Python literals: %j', (text) => {
    expect(parsePythonLiteral(text)).toBeUndefined();
  });

  it.each([
    ['a JSON key twice', '{"a": 1, "a": 2}', 'a twice'],
    ['JSON of a thousand levels', '['.repeat(1000) + ']'.repeat(1000), '100 levels'],
    ['a million JSON values', `[${'0,'.repeat(1_000_000)}0]`, 'JSON values'],
    ['a YAML key twice', 'a: 1\na: 2\n', 'unique'],
    ['a call', 'a: !!python/object/apply:os.system ["id"]', 'python/object/apply:os.system'],
    ['an object', 'a: !!python/object/new:os.system\n  args: [id]', 'python/object/new:os.system'],
    ['a name', "a: !!python/name:os.system ''", 'python/name:os.system'],
    ['a module', "a: !!python/module:os ''", 'python/module:os'],
    ['a tag of its own', 'a: !evil {b: 1}', '!evil'],
    [
      'a billion laughs',
      `a0: &a0 [lol]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(10)}]`).join('\n')}\n`,
      'alias',
    ],
    ['two megabytes', `a: ${'b'.repeat(2 ** 21)}`, '1048576 letters'],
    ['lists ten thousand deep', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'expected YAML'],
    ['a key that is a list', '? [a, b]\n: 1\n', 'expected YAML'],
    ['an unfinished list', 'a: [1, 2', 'expected YAML'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'expected YAML'],
  ])('are refused: %s', async (_name, text, says) => {
    const outcome = await parse(text).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(ConfigError);
    expect((outcome as Error).message).toContain('the config');
    expect((outcome as Error).message).toContain(says);
  });
});
