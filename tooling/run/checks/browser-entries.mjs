import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../paths.mjs';

/** Entries that must stay free of TensorFlow.js, wasm and Node built-ins. */
const plainEntries = [
  'packages/core/dist/data.js',
  'packages/text/dist/index.js',
  'packages/token-reduction/dist/index.js',
];

/** Entries that must bundle for browsers, with what a page cannot have left out. */
const bundledEntries = [
  'packages/core/dist/index.js',
  'packages/core/dist/hub.js',
  'packages/core/dist/nn.js',
  'packages/core/dist/raster.js',
  'packages/core/dist/metrics.js',
  'packages/image/dist/index.js',
  'packages/audio/dist/index.js',
  'packages/text/dist/workers.js',
  'packages/text/dist/chat.js',
];

/** What a page loads to encode text by the name of a vocabulary, the vocabulary aside, may weigh this much, gzipped. */
const textCodeLimit = 60_000;

/** What an installation of the text package takes, in bytes. */
const textInstallLimit = 10_000_000;

/** Bundles the built entries as a page would and looks at what came in. */
export async function checkBrowserEntries() {
  // esbuild comes with tsup, which builds the packages.
  const { build } = createRequire(createRequire(import.meta.url).resolve('tsup/package.json'))('esbuild');
  const problems = [];
  const bundle = async (file, external) => {
    const options = {
      entryPoints: [join(root, file)],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      outdir: join(root, 'dist'),
      logLevel: 'silent',
      conditions: ['browser'],
      external,
      loader: { '.wasm': 'file' },
    };
    try {
      return (await build(options)).metafile;
    } catch (error) {
      problems.push(`${file} does not bundle for browsers: ${error.message}`);
      return undefined;
    }
  };
  for (const file of plainEntries) {
    const result = await bundle(file, []);
    const bad = Object.keys(result?.inputs ?? {}).filter((input) =>
      /node_modules\/.*(tensorflow|onnxruntime)/.test(input),
    );
    if (bad.length > 0) problems.push(`${file} must not load ${bad.slice(0, 3).join(', ')}`);
  }
  for (const file of bundledEntries) await bundle(file, []);
  const textCode = await measureTextCode(build);
  if (textCode > textCodeLimit) problems.push(`encoding text takes ${textCode} bytes of code, over ${textCodeLimit}`);
  const textBytes = folderBytes('packages/text/dist');
  if (textBytes > textInstallLimit)
    problems.push(`packages/text/dist has ${textBytes} bytes, over ${textInstallLimit}`);
  if (problems.length > 0) return { failed: 1, output: problems.join('\n') };
  return {
    passed: 1,
    detail: `${plainEntries.length + bundledEntries.length} browser bundles, ${textCode} bytes to encode text`,
  };
}

/** Bytes of all files below a folder. */
function folderBytes(folder) {
  const paths = readdirSync(join(root, folder), { recursive: true }).map((file) => join(root, folder, file));
  return paths
    .map((path) => statSync(path))
    .filter((facts) => facts.isFile())
    .reduce((sum, { size }) => sum + size, 0);
}

/** Gzipped bytes of the program of a page that encodes with cl100k_base: what it loads at once. */
async function measureTextCode(build) {
  const contents = `import { textTokenizers } from './packages/text/dist/text-tokenizers.js';
    export const encode = async (text) => (await textTokenizers.fromPretrained('cl100k_base')).encode(text);`;
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: root, sourcefile: 'page.js' },
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: join(root, 'dist'),
    logLevel: 'silent',
    absWorkingDir: root,
  });
  const texts = new Map(outputFiles.map(({ path, contents: bytes }) => [path, bytes]));
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path].entryPoint === 'page.js');
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const { path: next, kind } of metafile.outputs[path].imports)
      if (kind === 'import-statement') loaded.add(next);
  }
  return [...loaded].reduce((sum, path) => sum + gzipSync(texts.get(join(root, path)), { level: 9 }).length, 0);
}
