import { type Engine, type HostTensors, modelFunction, type Tensors } from '../../engine/engine';

/** Runs a function of tensors once; what it taps comes back as `tap:<name>`. */
export async function evaluateOnce(
  engine: Engine,
  run: (inputs: Tensors) => Tensors,
  inputs: HostTensors,
  name: string,
): Promise<HostTensors> {
  const fn = modelFunction(
    (_params: Readonly<Record<string, never>>) => ({}),
    (_part: object, given: Tensors) => run(given),
  );
  const executable = await engine.load(fn, {}, { name, collectTaps: true });
  try {
    return await executable.run(inputs);
  } finally {
    await executable.dispose();
  }
}
