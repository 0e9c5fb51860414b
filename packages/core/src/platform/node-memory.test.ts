import { describe, expect, it } from 'vitest';
import { availableMemoryBytes, totalMemoryBytes } from './node-memory';

function readerOf(files: Readonly<Record<string, string>>): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  };
}

const machine = { '/proc/meminfo': 'MemTotal:       16000 kB\nMemFree:  100 kB\nMemAvailable:    8000 kB\n' };

describe('free memory', () => {
  it('is what the machine says', () => {
    expect(availableMemoryBytes(readerOf(machine))).toBe(8000 * 1024);
    expect(availableMemoryBytes()).toBeLessThanOrEqual(totalMemoryBytes());
  });

  it('is what a container leaves, files in memory not counted as used', () => {
    const group = {
      '/sys/fs/cgroup/memory.max': '5000000\n',
      '/sys/fs/cgroup/memory.current': '4800000\n',
      '/sys/fs/cgroup/memory.stat': 'anon 1000000\nactive_file 700000\ninactive_file 3000000\n',
    };
    expect(availableMemoryBytes(readerOf({ ...machine, ...group }))).toBe(5_000_000 - 4_800_000 + 3_700_000);
    expect(availableMemoryBytes(readerOf({ ...machine, ...group, '/sys/fs/cgroup/memory.max': 'max\n' }))).toBe(
      8000 * 1024,
    );
    const old = {
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '6000000\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '2000000\n',
      '/sys/fs/cgroup/memory/memory.stat': 'active_file 1\ntotal_active_file 500000\ntotal_inactive_file 500000\n',
    };
    expect(availableMemoryBytes(readerOf({ ...machine, ...old }))).toBe(5_000_000);
    const unlimited = { ...old, '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n' };
    expect(availableMemoryBytes(readerOf({ ...machine, ...unlimited }))).toBe(8000 * 1024);
  });
});
