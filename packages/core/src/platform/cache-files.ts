/** A file that grows at its end. */
export interface AppendFile {
  /** Bytes that it holds now. */
  readonly bytes: number;
  append(chunk: Uint8Array): Promise<void>;
  /** Forgets all bytes. */
  truncate(): Promise<void>;
  /** Waits until the bytes are on the disk, not just with the system. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What a cache on disk needs beyond reading; absent in browsers. */
export interface CacheFiles {
  /** Opens for appending; made, with its folders, where it is absent. */
  openAppend(path: string): Promise<AppendFile>;
  /** Takes the place of whatever is at `to`, in one step. */
  move(from: string, to: string): Promise<void>;
  /**
   * Makes `path` lead to the file `target`: a relative symbolic link, a hard link where those are not allowed, a copy
   * where neither is. Replaces what is there.
   */
  link(target: string, path: string): Promise<'symbolic' | 'hard' | 'copy'>;
  /** What a symbolic link says; undefined for anything else. */
  linkTarget(path: string): Promise<string | undefined>;
  /** Whether this call made the file: false where one is there already. */
  createExclusively(path: string, text: string): Promise<boolean>;
  /** Sets the time of change to now. */
  touch(path: string): Promise<void>;
  /** Names in a folder, unfollowed links included; empty where there is no folder. */
  names(folder: string): Promise<readonly string[]>;
  /** Bytes that this user may still write below the nearest existing folder; undefined where unknown. */
  freeBytes(folder: string): Promise<number | undefined>;
  /** Which process this is: for locks. */
  readonly processId: number;
  readonly hostName: string;
  isProcessAlive(processId: number): boolean;
}
