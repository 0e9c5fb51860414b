import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { platform } from '../../../packages/core/src/platform/node';

/** What figures are worth nothing without. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
}

const packages = ['onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'];

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: platform.physicalCores(),
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    versions: Object.fromEntries(packages.flatMap((name) => versionOf(name).map((version) => [name, version]))),
  };
}

/** Of a package that core depends on; none where it is not installed. */
function versionOf(name: string): readonly string[] {
  const core = createRequire(new URL('../../../packages/core/package.json', import.meta.url));
  for (const folder of core.resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as { version: string };
      return [version];
    } catch {
      // In the next folder, or nowhere.
    }
  }
  return [];
}

/** Load of the last minute by core, 0 where unknown: above a quarter, figures are of a busy machine. */
export function loadPerCore(cores: number): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]) / cores;
  } catch {
    return 0;
  }
}
