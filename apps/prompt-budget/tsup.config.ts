import { fileURLToPath } from 'node:url';
import { tesseraeBuild } from '@tesserae/build/tsup';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The page: everything that it loads, vocabularies in files of their own. */
export default tesseraeBuild({
  entry: { main: here('src/page/main.ts'), worker: here('src/page/worker.ts') },
  outDir: 'dist/page',
  publicDir: here('src/page/static'),
  platform: 'browser',
  noExternal: [/^@tesserae\//],
  minify: true,
  sourcemap: false,
  dts: false,
  esbuildOptions(options) {
    options.conditions = ['@tesserae/source'];
  },
});
