import { tesseraeBuild } from '@tesserae/build/tsup';

/** The page: everything that it loads, vocabularies in files of their own. */
export default tesseraeBuild({
  entry: { main: 'src/page/main.ts', worker: 'src/page/worker.ts' },
  outDir: 'dist/page',
  publicDir: 'src/page/static',
  platform: 'browser',
  noExternal: [/^@tesserae\//],
  minify: true,
  sourcemap: false,
  dts: false,
  esbuildOptions(options) {
    options.conditions = ['@tesserae/source'];
  },
});
