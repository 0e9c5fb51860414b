import { defineConfig } from 'tsup';

/**
 * The one way packages are built: ESM, types, shared chunks, dependencies left outside.
 *
 * @param {import('tsup').Options} options
 */
export function tesseraeBuild(options) {
  return defineConfig({
    format: ['esm'],
    target: 'es2022',
    platform: 'neutral',
    dts: true,
    splitting: true,
    sourcemap: true,
    clean: true,
    // '#platform' and '#codec' are resolved where the package is used, by its "imports".
    external: [/^@tensorflow\//, /^@tesserae\//, /^#/, /^onnxruntime-/, 'sharp', 'vitest', /^node:/],
    removeNodeProtocol: false,
    ...options,
  });
}
