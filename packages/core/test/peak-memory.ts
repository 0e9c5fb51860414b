import { readFileSync, writeFileSync } from 'node:fs';

/**
 * The highest resident memory of this process, bytes. Linux counts what the starting process had before into
 * `resourceUsage`; the value of the address space itself is right.
 */
export function peakMemory(): number {
  try {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

/** Lets the next {@link peakMemory} begin at what is resident now, where the system can do that. */
export function forgetPeakMemory(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux: the value only grows.
  }
}
