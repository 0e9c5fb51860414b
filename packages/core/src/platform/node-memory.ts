import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** Memory that this process may use at most, bytes: of the machine, or of the container. */
export function totalMemoryBytes(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/**
 * Memory that this process can still get, bytes. Files that the system merely keeps in memory count as free: after
 * gigabytes of weights were downloaded they would otherwise seem to leave none.
 *
 * @param readText - For tests; throws where there is no such file.
 */
export function availableMemoryBytes(
  readText: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): number | undefined {
  const found = [machineBytes(readText), containerBytes(readText)].filter((bytes) => bytes !== undefined);
  // Since Node 20.13.
  return found.length === 0 ? process.availableMemory?.() : Math.min(...found);
}

function machineBytes(readText: (path: string) => string): number | undefined {
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readText('/proc/meminfo'))?.[1];
    return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
  } catch {
    return undefined;
  }
}

/** Limit, use and statistics of a control group, of version 2 and of version 1. */
const groupFiles = [
  { folder: '/sys/fs/cgroup', limit: 'memory.max', used: 'memory.current', prefix: '' },
  { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes', prefix: 'total_' },
];

function containerBytes(readText: (path: string) => string): number | undefined {
  for (const { folder, limit, used, prefix } of groupFiles) {
    try {
      const most = Number(readText(`${folder}/${limit}`));
      // `max` is no number, and version 1 writes no limit as one beyond any machine.
      if (!Number.isFinite(most) || most > 2 ** 60) continue;
      const statistics = readText(`${folder}/memory.stat`);
      const cached = ['active_file', 'inactive_file']
        .map((name) => Number(new RegExp(`^${prefix}${name} (\\d+)$`, 'm').exec(statistics)?.[1] ?? 0))
        .reduce((sum, bytes) => sum + bytes, 0);
      return Math.max(0, most - Number(readText(`${folder}/${used}`)) + cached);
    } catch {
      continue;
    }
  }
  return undefined;
}
