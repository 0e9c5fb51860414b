import { inflateSync } from 'node:zlib';
import { InputError, UnsupportedError } from '@tesserae/core/data';

/** One file inside a Qt resource file. */
export interface QtResource {
  /** Path inside the resource tree, parts joined by `/`, without a leading slash. */
  readonly path: string;
  /**
   * Reads and, where needed, inflates the contents.
   *
   * @throws {UnsupportedError} If the entry is compressed with zstd.
   */
  readonly bytes: () => Uint8Array;
}

const compressedFlag = 1;
const directoryFlag = 2;
const zstdFlag = 4;

/**
 * Lists the files of a binary Qt resource file (`.rcc`), versions 1 to 3.
 *
 * Layout, all numbers big-endian: `qres`, version, offsets of the tree, of the data and of the names, in version 3 flags.
 * A tree entry has 14 bytes, from version 2 on 22 (a time stamp follows).
 *
 * @param file - The whole file.
 * @param name - Named in error messages.
 * @throws {InputError} If `file` is no resource file or an offset points outside of it.
 * @see https://doc.qt.io/qt-6/resources.html
 */
export function readQtResources(file: Uint8Array, name: string): readonly QtResource[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const undecodable = (actual: string) => new InputError(name, 'a Qt resource file', actual, { code: 'undecodable' });
  const u32 = (offset: number): number => {
    if (offset + 4 > file.length) throw undecodable(`an offset of ${offset} in ${file.length} bytes`);
    return view.getUint32(offset);
  };
  const u16 = (offset: number): number => {
    if (offset + 2 > file.length) throw undecodable(`an offset of ${offset} in ${file.length} bytes`);
    return view.getUint16(offset);
  };
  if (file.length < 20 || u32(0) !== 0x71726573) throw undecodable(`${file.length} bytes without the mark "qres"`);
  const version = u32(4);
  if (version < 1 || version > 3) throw undecodable(`version ${version}`);
  const [tree, data, names] = [u32(8), u32(12), u32(16)];
  const entrySize = version === 1 ? 14 : 22;

  const nameAt = (offset: number): string => {
    const length = u16(names + offset);
    let text = '';
    for (let index = 0; index < length; index++) text += String.fromCharCode(u16(names + offset + 6 + 2 * index));
    return text;
  };
  const contents = (flags: number, offset: number): Uint8Array => {
    const start = data + offset + 4;
    const end = start + u32(data + offset);
    if (end > file.length) throw undecodable(`an entry that ends at ${end} of ${file.length} bytes`);
    if (flags & zstdFlag) throw new UnsupportedError(name, 'an entry is compressed with zstd.');
    // Compressed entries begin with their inflated size.
    return flags & compressedFlag ? inflateSync(file.subarray(start + 4, end)) : file.subarray(start, end);
  };

  const files: QtResource[] = [];
  const visited = new Set<number>();
  const visit = (index: number, parents: readonly string[]): void => {
    if (visited.has(index)) throw undecodable(`entry ${index} twice in the tree`);
    visited.add(index);
    const entry = tree + index * entrySize;
    const flags = u16(entry + 4);
    const path = index === 0 ? parents : [...parents, nameAt(u32(entry))];
    if (flags & directoryFlag) {
      const [count, first] = [u32(entry + 6), u32(entry + 10)];
      for (let child = 0; child < count; child++) visit(first + child, path);
      return;
    }
    const offset = u32(entry + 10);
    files.push({ path: path.join('/'), bytes: () => contents(flags, offset) });
  };
  visit(0, []);
  return files;
}
