import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** RTLD_NODELETE, which Node names no constant for: `dlfcn.h` of glibc and musl, and of macOS. */
const noDelete: Readonly<Partial<Record<NodeJS.Platform, number>>> = { linux: 0x1000, darwin: 0x80 };

/**
 * Keeps a native addon in memory until the process ends. Node unloads what a worker thread has loaded together with the
 * thread; a library that has registered work for the end of the process then crashes it. Nothing to do in the main thread.
 *
 * @param path - The `.node` file.
 * @throws {Error} It cannot be loaded.
 */
export function keepLibrary(path: string): void {
  const flag = noDelete[process.platform];
  if (isMainThread || flag === undefined) return;
  process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | flag);
}
