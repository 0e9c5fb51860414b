import * as tf from '@tensorflow/tfjs-core';
import { platform } from '#platform';
import type { EngineName, EngineReport } from '../engine';

type EagerName = Exclude<EngineName, 'onnx' | 'onnx-web'>;

const absent = (name: EagerName, reason: string): EngineReport => ({ name, available: false, compiled: false, reason });
const present = (name: EagerName, device: string): EngineReport => ({ name, available: true, compiled: false, device });

/**
 * Whether an eager engine can run here; initialises its backend and leaves the one in use as it was. Nothing is awaited
 * blindly (toolchain 4).
 */
export async function probeEager(name: EagerName): Promise<EngineReport> {
  const before = tf.getBackend();
  try {
    return await initialise(name);
  } finally {
    if (before && before !== tf.getBackend()) await tf.setBackend(before);
  }
}

async function initialise(name: EagerName): Promise<EngineReport> {
  try {
    switch (name) {
      case 'cpu':
        await import('@tensorflow/tfjs-backend-cpu');
        return (await tf.setBackend('cpu')) ? present(name, 'plain JavaScript') : absent(name, 'initialisation failed');
      case 'wasm':
        await import('@tensorflow/tfjs-backend-wasm');
        return (await tf.setBackend('wasm')) ? present(name, '1 thread, SIMD') : absent(name, 'initialisation failed');
      case 'tfjs-node':
      case 'tfjs-node-gpu':
        return await probeNative(name);
      case 'webgpu':
        return absent(name, 'not supported yet');
    }
  } catch (error) {
    return absent(name, `load error: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The binding is looked for first: importing a package without it registers 150 kernels before it fails. */
async function probeNative(name: 'tfjs-node' | 'tfjs-node-gpu'): Promise<EngineReport> {
  const packageName = `@tensorflow/${name}`;
  const manifest = platform.resolveFile(`${packageName}/package.json`, import.meta.url);
  if (manifest === undefined) return absent(name, 'not installed');
  const folder = platform.folderOf(manifest);
  const bindings = [8, 7, 6, 5, 4, 3].map((abi) =>
    platform.joinPath(folder, 'lib', `napi-v${abi}`, 'tfjs_binding.node'),
  );
  const found = await Promise.all(bindings.map((path) => platform.fileFacts(path)));
  const binding = bindings.find((_, index) => found[index] !== undefined);
  if (binding === undefined) return absent(name, 'no binding: its install step did not run');
  // TensorFlow's library crashes the process at its end if it was unloaded with a worker thread.
  platform.keepLibrary(binding);
  const module = (await import(/* @vite-ignore */ packageName)) as { readonly node?: () => unknown };
  if (!(await tf.setBackend('tensorflow'))) return absent(name, 'initialisation failed');
  if (name === 'tfjs-node-gpu' && !hasGpu(module)) return absent(name, 'no working GPU');
  return present(name, name === 'tfjs-node-gpu' ? 'CUDA' : 'libtensorflow');
}

function hasGpu(module: { readonly node?: () => unknown }): boolean {
  const backend = (module.node?.() ?? {}) as { readonly isUsingGpuDevice?: boolean };
  return backend.isUsingGpuDevice === true;
}
