import { parseArgs } from 'node:util';

export interface InstallOptions {
  readonly help: boolean;
  /** `auto`: the GPU package where an NVIDIA GPU is found. */
  readonly device: 'auto' | 'cpu' | 'gpu';
  /** Path of a TensorFlow wheel that lies here already. */
  readonly wheel?: string;
  readonly python: string;
}

/** A wrong command line: the message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `npm run engines -- [options]

Builds the native TensorFlow.js engine (@tensorflow/tfjs-node, or -gpu) against the library of a TensorFlow wheel, since
the prebuilt binaries are of 2022. Needs python3, make and g++, and a wheel of tensorflow-cpu (or tensorflow) 2.21.0 for
this machine; without --wheel pip downloads it. Tesserae works without this engine.

  --wheel <file>       a wheel that is here already (or TESSERAE_TENSORFLOW_WHEEL)
  --device <name>      auto (default), cpu or gpu
  --python <command>   default python3
  --help               this text

Exit codes: 0 installed, 1 a step failed, 2 wrong usage, 3 something that it needs cannot be had here.
`;

/**
 * @param given - Without node and script.
 * @throws {UsageError}
 */
export function parseOptions(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): InstallOptions {
  const { help, device = 'auto', wheel = environment['TESSERAE_TENSORFLOW_WHEEL'], python = 'python3' } = parse(given);
  if (device !== 'auto' && device !== 'cpu' && device !== 'gpu') {
    throw new UsageError(`--device: expected auto, cpu or gpu, got ${device}`);
  }
  return { help: help === true, device, python, ...(wheel !== undefined && wheel !== '' && { wheel }) };
}

function parse(given: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = { help: { type: 'boolean' }, device: text, wheel: text, python: text } as const;
    return parseArgs({ args: [...given], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
