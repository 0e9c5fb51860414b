import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepLibrary } from './keep-library';

afterEach(() => vi.restoreAllMocks());

// The tests of this package run in worker threads.
describe.skipIf(isMainThread || !['linux', 'darwin'].includes(process.platform))('keepLibrary', () => {
  it('loads an addon so that it outlives its thread', () => {
    const load = vi.spyOn(process, 'dlopen').mockReturnValue(undefined);
    keepLibrary('/addon.node');
    const noDelete = process.platform === 'linux' ? 0x1000 : 0x80;
    expect(load.mock.calls).toEqual([[{ exports: {} }, '/addon.node', constants.dlopen.RTLD_NOW | noDelete]]);
  });

  it('says what cannot be loaded', () => {
    expect(() => keepLibrary('/absent/addon.node')).toThrow('/absent/addon.node');
  });
});
