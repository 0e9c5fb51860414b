import { deflateSync } from 'node:zlib';
import { InputError, UnsupportedError } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { readQtResources } from './qt-resources';

/** `pictures/` with the files `é.txt` (stored), `b.txt` (zlib) and `c.txt` (marked as zstd). */
function resourceFile(version: 1 | 3): Uint8Array {
  const names: number[] = [];
  const nameOffsets = ['pictures', 'é.txt', 'b.txt', 'c.txt'].map((name) => {
    const offset = names.length;
    names.push(...u16(name.length), ...u32(0x1234), ...[...name].flatMap((letter) => u16(letter.charCodeAt(0))));
    return offset;
  });
  const stored = [...new TextEncoder().encode('stored')];
  const deflated = [...u32(8), ...deflateSync('deflated')];
  const data = [...u32(stored.length), ...stored, ...u32(deflated.length), ...deflated];
  const time = version === 1 ? [] : [...u32(0), ...u32(0)];
  const folder = (name: number, count: number, first: number) => [
    ...u32(name),
    ...u16(2),
    ...u32(count),
    ...u32(first),
    ...time,
  ];
  const file = (name: number, flags: number, offset: number) => [
    ...u32(name),
    ...u16(flags),
    ...u16(0),
    ...u16(1),
    ...u32(offset),
    ...time,
  ];
  const tree = [
    ...folder(0, 1, 1),
    ...folder(nameOffsets[0]!, 3, 2),
    ...file(nameOffsets[1]!, 0, 0),
    ...file(nameOffsets[2]!, 1, 4 + stored.length),
    ...file(nameOffsets[3]!, 4, 0),
  ];
  const start = version === 1 ? 20 : 24;
  const header = [
    ...new TextEncoder().encode('qres'),
    ...u32(version),
    ...u32(start),
    ...u32(start + tree.length),
    ...u32(start + tree.length + data.length),
    ...(version === 1 ? [] : u32(0)),
  ];
  return Uint8Array.from([...header, ...tree, ...data, ...names]);
}

describe('readQtResources', () => {
  it.each([1, 3] as const)('lists the tree and reads stored and deflated files of version %i', (version) => {
    const files = readQtResources(resourceFile(version), 'made.rcc');
    expect(files.map(({ path }) => path)).toEqual(['pictures/é.txt', 'pictures/b.txt', 'pictures/c.txt']);
    expect(new TextDecoder().decode(files[0]!.bytes())).toBe('stored');
    expect(new TextDecoder().decode(files[1]!.bytes())).toBe('deflated');
  });

  it('refuses zstd only when the entry is read', () => {
    expect(() => readQtResources(resourceFile(3), 'made.rcc')[2]!.bytes()).toThrow(UnsupportedError);
  });

  it('reads from a view that does not start its buffer', () => {
    const file = resourceFile(3);
    const padded = new Uint8Array(file.length + 7);
    padded.set(file, 7);
    expect(readQtResources(padded.subarray(7), 'made.rcc')).toHaveLength(3);
  });

  it('refuses other files, unknown versions and cut files', () => {
    expect(() => readQtResources(new Uint8Array(40), 'zeros.rcc')).toThrow(InputError);
    const future = resourceFile(3);
    future[7] = 9;
    expect(() => readQtResources(future, 'future.rcc')).toThrow(/future\.rcc.*version 9/);
    expect(() => readQtResources(resourceFile(3).subarray(0, 90), 'cut.rcc')).toThrow(InputError);
  });

  it('refuses a tree that runs in a circle', () => {
    const file = resourceFile(3);
    // The first child of the folder `pictures` becomes the root.
    file.set(u32(0), 24 + 22 + 10);
    expect(() => readQtResources(file, 'circle.rcc')).toThrow(/twice/);
  });
});

function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function u16(value: number): number[] {
  return [value >>> 8, value & 255];
}
