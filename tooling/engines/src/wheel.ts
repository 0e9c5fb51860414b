import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { attempt, lastLine, must, say, UnavailableError } from './steps';

/** Version whose C library was tried with tfjs-node 4.22.0. */
export const tensorflowVersion = '2.21.0';

export interface WheelRequest {
  readonly wheel?: string;
  readonly python: string;
  readonly gpu: boolean;
  /** Where a download is kept and unpacked. */
  readonly folder: string;
  /** Relative paths count from here. */
  readonly base: string;
}

/** Path of the wheel: the given one, one downloaded before, or a download by pip. @throws {UnavailableError} */
export function findWheel({ wheel, python, gpu, folder, base }: WheelRequest): string {
  if (wheel !== undefined) {
    const path = resolve(base, wheel);
    if (!existsSync(path)) throw new UnavailableError(`there is no wheel at ${path}`);
    say(`taking the library from ${path}`);
    return path;
  }
  const name = gpu ? 'tensorflow' : 'tensorflow-cpu';
  const present = wheelIn(folder, name);
  if (present !== undefined) {
    say(`taking the library from ${present}, downloaded before`);
    return present;
  }
  say(`downloading the wheel of ${name} ${tensorflowVersion} with pip`);
  mkdirSync(folder, { recursive: true });
  const given = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--retries', '1', '--timeout', '20'];
  const { ok, output } = attempt(python, [...given, '--dest', folder, `${name}==${tensorflowVersion}`]);
  const found = ok ? wheelIn(folder, name) : undefined;
  if (found !== undefined) return found;
  throw new UnavailableError(
    `no wheel of ${name} ${tensorflowVersion} can be reached (${lastLine(output)}); give one with --wheel <file>`,
  );
}

function wheelIn(folder: string, name: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const prefix = `${name.replace('-', '_')}-${tensorflowVersion}-`;
  const file = readdirSync(folder).find((entry) => entry.startsWith(prefix) && entry.endsWith('.whl'));
  return file === undefined ? undefined : join(folder, file);
}

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** Unpacks a wheel; resolves to its folder `tensorflow`. @throws {UnavailableError} When it is no TensorFlow wheel for Linux. */
export function unpackWheel(wheel: string, target: string, python: string): string {
  say('unpacking the wheel');
  mkdirSync(target, { recursive: true });
  must(python, ['-m', 'zipfile', '-e', wheel, target]);
  const folder = join(target, 'tensorflow');
  const missing = [...libraries, 'include/tensorflow/c/c_api.h'].filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0) throw new UnavailableError(`${wheel} has no tensorflow/${missing.join(', tensorflow/')}`);
  return folder;
}
