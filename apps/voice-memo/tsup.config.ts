import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tesseraeBuild } from '@tesserae/build/tsup';

const require = createRequire(import.meta.url);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the page loads as it is: the weights, and the runtime's WebAssembly. */
const copied = [
  require.resolve('@tesserae/audio/starter/audio-starter.safetensors'),
  require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'),
];

/** The page: everything that it loads. */
export default tesseraeBuild({
  entry: {
    main: here('src/page/main.ts'),
    worker: here('src/page/worker.ts'),
    'recorder-worklet': here('src/page/recorder-worklet.ts'),
    // The engine starts it by its address beside the module that it is in.
    'session-worker': here('../../packages/core/src/engine/onnx/session-worker.js'),
  },
  outDir: 'dist/page',
  publicDir: here('src/page/static'),
  platform: 'browser',
  noExternal: [/./],
  minify: true,
  sourcemap: false,
  dts: false,
  esbuildOptions(options) {
    options.conditions = ['@tesserae/source'];
    // Where the alias is looked up.
    options.absWorkingDir = here('.');
    // Without WebGPU: half the size, and results that do not depend on a graphics driver.
    options.alias = { 'onnxruntime-web': 'onnxruntime-web/wasm' };
  },
  esbuildPlugins: [
    {
      name: 'copied-files',
      setup({ initialOptions, onEnd }) {
        onEnd(async () => {
          const folder = initialOptions.outdir!;
          await mkdir(folder, { recursive: true });
          for (const file of copied) await copyFile(file, join(folder, basename(file)));
        });
      },
    },
  ],
});
