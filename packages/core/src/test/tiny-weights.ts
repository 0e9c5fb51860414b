import { fillUniform, tensorSeed } from './parity/formula-generator';

/**
 * Small random weights in official layout for tests: the values depend on key and seed only, in every run and engine.
 * Matrices and kernels are scaled by `1 / sqrt(fanIn)`, vectors lie in -0.5..0.5, everything else in -1..1.
 *
 * @param shapes - Official keys and shapes.
 * @param seed - Default 1.
 */
export function tinyWeights(
  shapes: Readonly<Record<string, readonly number[]>>,
  seed = 1,
): Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>> {
  return Object.fromEntries(
    Object.entries(shapes).map(([key, shape]) => {
      const data = new Float32Array(shape.reduce((product, axis) => product * axis, 1));
      fillUniform(data, 0, tensorSeed(key, seed), scaleOf(shape), 0);
      return [key, { shape, data }];
    }),
  );
}

function scaleOf(shape: readonly number[]): number {
  if (shape.length === 0) return 1;
  if (shape.length === 1) return 0.5;
  return Math.sqrt(3 / shape.slice(1).reduce((product, axis) => product * axis, 1));
}
