import { createRequire } from 'node:module';
import { join } from 'node:path';
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
];

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
  if (problems.length > 0) return { failed: 1, output: problems.join('\n') };
  return { passed: 1, detail: `${plainEntries.length + bundledEntries.length} browser bundles` };
}
