/** Adam with bias correction (arXiv 1412.6980), over all values at once. */
export interface Adam {
  /** Changes the values; the gradients stay. */
  step(values: Float64Array, gradients: Float64Array, learningRate: number): void;
}

/** Betas 0.9 and 0.999, epsilon 1e-8, as PyTorch has them. */
export function createAdam(length: number): Adam {
  const mean = new Float64Array(length);
  const square = new Float64Array(length);
  let steps = 0;
  return {
    step: (values, gradients, learningRate) => {
      steps += 1;
      const scale = learningRate / (1 - 0.9 ** steps);
      const correction = 1 - 0.999 ** steps;
      for (let index = 0; index < length; index += 1) {
        const gradient = gradients[index]!;
        mean[index] = 0.9 * mean[index]! + 0.1 * gradient;
        square[index] = 0.999 * square[index]! + 0.001 * gradient * gradient;
        values[index]! -= (scale * mean[index]!) / (Math.sqrt(square[index]! / correction) + 1e-8);
      }
    },
  };
}
