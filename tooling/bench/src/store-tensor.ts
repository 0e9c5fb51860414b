import { writeFileSync } from 'node:fs';
import type { HostTensor } from '@tesserae/core';

/** Writes raw numbers, for the program on the other side. @returns The path. */
export function storeTensor(path: string, { data }: Pick<HostTensor, 'data'>): string {
  writeFileSync(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return path;
}
