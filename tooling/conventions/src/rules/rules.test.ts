import { describe, expect, it } from 'vitest';
import { checkAll } from '../check';
import { importsOf } from '../imports';
import type { Rule } from '../rule';
import { treeOf } from '../tree';
import { changesets } from './changesets';
import { exportsMap } from './exports';
import { fileLength } from './file-length';
import { fixtureBudget } from './fixture-budget';
import { forbiddenCalls } from './forbidden-calls';
import { importBoundaries } from './import-boundaries';
import { packageFiles } from './package-files';
import { plainEntries } from './plain-entries';
import { presetProblems } from './presets';
import { readmeSections } from './readme-sections';
import { starterBudget } from './starter-budget';
import { systems } from './systems';

const entry = (name: string) => ({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` });
const manifestOf = (name: string, extra: object = {}) => ({
  name,
  type: 'module',
  sideEffects: false,
  license: 'Apache-2.0',
  engines: { node: '>=20.19' },
  exports: { '.': { '@tesserae/source': './src/index.ts', ...entry('index') }, './package.json': './package.json' },
  publishConfig: { access: 'public', exports: { '.': entry('index'), './package.json': './package.json' } },
  ...extra,
});
const core = { 'packages/core/package.json': JSON.stringify(manifestOf('@tesserae/core')) };
const image = { 'packages/image/package.json': JSON.stringify(manifestOf('@tesserae/image')) };
const both = { ...core, ...image };

const messages = async (rule: Rule, contents: Readonly<Record<string, string>>) =>
  (await rule.check(treeOf(contents))).map(({ file, message }) => `${file}: ${message}`);

describe('package-files', () => {
  it('names what a published package lacks', async () => {
    const found = await messages(packageFiles, { ...image, 'packages/image/README.md': '' });
    expect(found).toContain('packages/image: has no CHANGELOG.md');
    expect(found).toContain('packages/image: has no src/index.ts');
    expect(found).not.toContain('packages/image: has no README.md');
  });
  it('asks nothing of private workspaces', async () => {
    expect(await messages(packageFiles, { 'tooling/x/package.json': '{"name":"x","private":true}' })).toEqual([]);
  });
});

describe('readme-sections', () => {
  const complete = `# @tesserae/image\n\nPictures.\n\n## Install\n\n## Example\n\n\`\`\`js\na();\n\`\`\`\n\n\`\`\`text\n1\n\`\`\`\n\n## Systems\n\n| a |\n\n## Weight licenses\n`;
  it('accepts a complete README and names each missing section', async () => {
    expect(await messages(readmeSections, { ...image, 'packages/image/README.md': complete })).toEqual([]);
    for (const heading of ['## Install', '## Example', '## Systems', '## Weight licenses']) {
      const text = complete.replace(heading, '## Other');
      expect(await messages(readmeSections, { ...image, 'packages/image/README.md': text })).toHaveLength(1);
    }
  });
  it('wants only the word "planned" where nothing is exported', async () => {
    const files = { ...image, 'packages/image/src/index.ts': 'export {};\n' };
    expect(
      await messages(readmeSections, { ...files, 'packages/image/README.md': '# @tesserae/image\n\nPlanned.\n' }),
    ).toEqual([]);
    expect(
      await messages(readmeSections, { ...files, 'packages/image/README.md': '# @tesserae/image\n\nSoon.\n' }),
    ).toEqual(['packages/image/README.md: does not say that the package is planned']);
  });
});

describe('exports', () => {
  it('accepts the agreed form', async () => expect(await messages(exportsMap, both)).toEqual([]));
  it('refuses another order, a leaked source condition and a forgotten entry', async () => {
    const leaked = manifestOf('@tesserae/image', {
      publishConfig: {
        access: 'public',
        exports: {
          '.': { '@tesserae/source': './src/index.ts', ...entry('index') },
          './package.json': './package.json',
        },
      },
    });
    const reordered = manifestOf('@tesserae/image', {
      exports: { '.': { ...entry('index'), '@tesserae/source': './src/index.ts' }, './package.json': './package.json' },
    });
    for (const manifest of [leaked, reordered, manifestOf('@tesserae/image', { sideEffects: true })]) {
      expect(await messages(exportsMap, { 'packages/image/package.json': JSON.stringify(manifest) })).toHaveLength(1);
    }
  });
});

describe('systems', () => {
  const system = {
    ...image,
    'packages/image/src/titok/titok.ts': 'export const titok = defineSystem({});\n',
    'packages/image/src/titok/config.ts': '',
    'packages/image/src/titok/weights.ts': '',
    'packages/image/src/registry.ts': "import('./titok/titok')",
    'packages/image/test/parity/index.ts': '  titok: runTitok,\n',
    'packages/image/test/fixtures/titok/a/case.json': '{}',
  };
  it('accepts a complete system', async () => expect(await messages(systems, system)).toEqual([]));
  it.each(Object.keys(system).slice(2))('misses %s', async (path) => {
    const { [path as keyof typeof system]: _left, ...rest } = system;
    expect(await messages(systems, rest as Record<string, string>)).toHaveLength(1);
  });
  it("accepts another system's weights", async () => {
    const { 'packages/image/src/titok/weights.ts': _own, ...rest } = system;
    const main = "import { readWeights } from '../other/weights';\nexport const titok = defineSystem({});\n";
    expect(await messages(systems, { ...rest, 'packages/image/src/titok/titok.ts': main })).toEqual([]);
  });
});

describe('import-boundaries', () => {
  const audio = { 'packages/audio/package.json': JSON.stringify(manifestOf('@tesserae/audio')) };
  it.each([
    ['packages/image/src/a.ts', "import { x } from '@tesserae/audio';"],
    ['packages/core/src/a.ts', "import type { X } from '@tesserae/image';"],
    ['packages/image/src/a.ts', "import x from '../dist/index.js';"],
    ['packages/image/src/a.ts', `const tf = await import('${'@tensorflow'}/tfjs-core/dist/index');`],
  ])('refuses in %s: %s', async (file, text) => {
    expect(await messages(importBoundaries, { ...both, ...audio, [file]: text })).toHaveLength(1);
  });
  it('lets modality packages use core, and comments say what they like', async () => {
    const text = "import { x } from '@tesserae/core/nn';\n// import y from '@tesserae/audio';\n";
    expect(await messages(importBoundaries, { ...both, ...audio, 'packages/image/src/a.ts': text })).toEqual([]);
  });
});

describe('plain-entries', () => {
  it('follows run-time imports and ignores types', async () => {
    const found = await messages(plainEntries, {
      'packages/core/src/data.ts': "import type * as tf from '@tensorflow/tfjs-core';\nexport * from './a';\n",
      'packages/core/src/a.ts': "import { b } from './b';\n",
      'packages/core/src/b.ts': "import { readFile } from 'node:fs';\n",
    });
    expect(found).toEqual(['packages/core/src/b.ts: loads node:fs, but is part of packages/core/src/data.ts']);
  });
});

describe('forbidden-calls', () => {
  it('finds calls in library code only', async () => {
    const found = await messages(forbiddenCalls, {
      ...both,
      'packages/image/src/a.ts': 'x.dataSync();\n// console.log(1)\n',
      'packages/image/src/a.test.ts': 'x.dataSync();\n',
      'packages/core/src/engine/e.ts': 'tf.getBackend();\nconsole.warn(1);\n',
    });
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/^packages\/core\/src\/engine\/e.ts: line 2 calls console/);
  });
});

describe('budgets', () => {
  it('limits a case and a package', async () => {
    const found = await messages(fixtureBudget, {
      'packages/core/test/fixtures/a/b/io.safetensors': 'x'.repeat(2_200_000),
    });
    expect(found).toEqual([
      'packages/core/test/fixtures: holds 2.20 MB; at most 1.2 MB',
      'packages/core/test/fixtures/a/b: holds 2.20 MB; at most 2.1 MB',
    ]);
  });
  it('limits a model and wants its papers', async () => {
    const found = await messages(starterBudget, {
      'packages/image/starter/a.safetensors': 'x'.repeat(4_600_000),
      'packages/image/starter/card.md': '',
    });
    expect(found).toHaveLength(4);
  });
  it('limits files', async () => {
    const found = await fileLength.check(
      treeOf({ 'packages/a/src/x.ts': '\n'.repeat(501), 'packages/a/src/y.ts': '\n'.repeat(301) }),
    );
    expect(found.map(({ warning }) => warning)).toEqual([undefined, true]);
  });
});

describe('changesets', () => {
  it('wants published packages and a bump', async () => {
    const text = (line: string) => `---\n${line}\n---\n\nAdd.\n`;
    expect(await messages(changesets, { ...image, '.changeset/a.md': text("'@tesserae/image': minor") })).toEqual([]);
    expect(await messages(changesets, { ...image, '.changeset/a.md': text("'@tesserae/nope': minor") })).toHaveLength(
      1,
    );
    expect(await messages(changesets, { ...image, '.changeset/a.md': text("'@tesserae/image': huge") })).toHaveLength(
      1,
    );
  });
});

describe('presets', () => {
  const preset = {
    name: 'a',
    system: 'image/a',
    license: { name: 'MIT', use: 'any' },
    paper: '2406.07550',
    source: { repository: 'o/n', file: 'w.safetensors' },
  };
  it('wants licence, paper, source and whole hashes', () => {
    expect(presetProblems(preset, () => false)).toEqual([]);
    expect(presetProblems({ ...preset, paper: '' }, () => false)).toHaveLength(1);
    expect(presetProblems({ ...preset, source: { ...preset.source, revision: 'main' } }, () => false)).toHaveLength(1);
    expect(presetProblems({ ...preset, source: { bundled: true, file: 'w' } }, () => false)).toHaveLength(1);
  });
});

describe('checkAll', () => {
  const rule: Rule = { name: 'r', check: () => [{ file: 'a', message: 'm' }] };
  it('leaves out what is waived and complains about idle waivers', async () => {
    const tree = treeOf({});
    expect(await checkAll(tree, [rule], [{ rule: 'r', file: 'a', reason: 'because' }])).toEqual([]);
    const idle = await checkAll(tree, [rule], [{ rule: 'r', file: 'b', reason: 'because' }]);
    expect(idle.map((each) => each.rule)).toEqual(['r', 'waivers']);
  });
});

describe('importsOf', () => {
  it('reads every form', () => {
    const text = `import a from 'a';\nimport type { B } from 'b';\nimport { type C, d } from 'c';\nexport * from 'd';\nexport {\n  e,\n} from 'e';\nimport 'f';\nconst g = () => import('g');\nimport { type H } from 'h';\n`;
    expect(importsOf(text).map(({ from, typeOnly }) => [from, typeOnly])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
      ['d', false],
      ['e', false],
      ['f', false],
      ['g', false],
      ['h', true],
    ]);
  });
});
