import { platform } from '#platform';
import type { AppendFile, CacheFiles } from '../platform/cache-files';
import { partName, planSegments, segmentOfName, usableParts, type Part, type Segment } from './segments';

const copiedBytes = 8 * 1024 * 1024;

/** Where the bytes of one segment go. */
export interface SegmentSink {
  /** Offset in the whole file of the next byte. */
  readonly position: number;
  append(chunk: Uint8Array): Promise<void>;
  /** Flushes and closes; `isWhole` says that the segment has all its bytes. */
  close(isWhole: boolean): Promise<void>;
}

/** What has come of a file: a first piece in `<name>.incomplete`, later pieces in parts until they join it. */
export interface PartialFile {
  /** Bytes on disk, parts included. */
  readonly bytes: number;
  /** Bytes from the start in one piece. */
  readonly prefix: number;
  /** What is missing, of a file of `size` bytes. Parts that do not fit together are removed. */
  plan(size: number, segmentBytes: number): Promise<readonly Segment[]>;
  /** Undefined where the segment is here already. */
  open(segment: Segment): Promise<SegmentSink | undefined>;
  /** Forgets everything. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens what an earlier run, also one that was killed, has left. Only sizes of files say how far it came, so that not a
 * byte on disk is fetched again. The first piece has the name and form of Python's client, which can go on from it.
 *
 * @param path - Where the whole file will lie.
 */
export async function openPartialFile(files: CacheFiles, path: string): Promise<PartialFile> {
  const folder = platform.folderOf(path);
  const name = path.slice(folder.length).replace(/^[\\/]+/, '');
  const head = await files.openAppend(`${path}.incomplete`);
  const parts = new Map<number, Part>();
  const partPath = (segment: Segment) => platform.joinPath(folder, partName(name, segment));
  for (const file of await files.names(folder)) {
    const segment = segmentOfName(name, file);
    const facts = segment && (await platform.fileFacts(platform.joinPath(folder, file)));
    if (segment && facts) parts.set(segment.start, { ...segment, bytes: facts.bytes });
  }
  await joinEarlier();

  /** Parts that begin inside the first piece: moved into it as far as they go. */
  async function joinEarlier(): Promise<void> {
    for (const part of [...parts.values()].toSorted((a, b) => a.start - b.start)) {
      if (part.start <= head.bytes) await join(part);
    }
  }

  async function join(part: Part): Promise<void> {
    const path = partPath(part);
    const from = head.bytes - part.start;
    if (from < part.bytes) {
      const source = await platform.openFile(path);
      try {
        for (let at = from; at < part.bytes; at += copiedBytes)
          await head.append(await source.read(at, Math.min(copiedBytes, part.bytes - at)));
      } finally {
        await source.close();
      }
    }
    parts.delete(part.start);
    await platform.remove(path);
  }

  // One at a time: the first piece grows in order.
  let joining = Promise.resolve();
  const joinWhole = () =>
    (joining = joining.then(async () => {
      for (;;) {
        const next = parts.get(head.bytes);
        if (!next || next.bytes < next.end - next.start) return;
        await join(next);
      }
    }));

  return {
    get bytes() {
      return [...parts.values()].reduce((sum, { bytes }) => sum + bytes, head.bytes);
    },
    get prefix() {
      return head.bytes;
    },
    async plan(size, segmentBytes) {
      const usable = usableParts(size, head.bytes, [...parts.values()]);
      for (const part of [...parts.values()].filter((each) => !usable.includes(each))) {
        parts.delete(part.start);
        await platform.remove(partPath(part));
      }
      return planSegments(size, head.bytes, usable, segmentBytes);
    },
    async open(segment) {
      const part = parts.get(segment.start);
      if (segment.end <= head.bytes || part?.bytes === segment.end - segment.start) return undefined;
      if (segment.start === head.bytes && !part) {
        return {
          get position() {
            return head.bytes;
          },
          append: (chunk) => head.append(chunk),
          close: (isWhole) => (isWhole ? joinWhole() : Promise.resolve()),
        };
      }
      const file: AppendFile = await files.openAppend(partPath(segment));
      const track = () => parts.set(segment.start, { ...segment, bytes: file.bytes });
      track();
      return {
        get position() {
          return segment.start + file.bytes;
        },
        async append(chunk) {
          await file.append(chunk);
          track();
        },
        async close(isWhole) {
          await file.close();
          if (isWhole) await joinWhole();
        },
      };
    },
    async clear() {
      for (const part of parts.values()) await platform.remove(partPath(part));
      parts.clear();
      await head.truncate();
    },
    async close() {
      await joinWhole().catch(() => undefined);
      await head.sync().finally(() => head.close());
    },
  };
}
