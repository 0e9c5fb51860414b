import { createRequire } from 'node:module';

/** Whether the native runtime of the compiled engine is installed here: it is optional. */
export const onnxAvailable = resolves('onnxruntime-node');

function resolves(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
