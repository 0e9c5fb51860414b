/** Pieces of files under names of their own, kept by the browser from one visit to the next. */
export interface BlobStore {
  get(name: string): Promise<Blob | undefined>;
  put(name: string, blob: Blob): Promise<void>;
  /** Absent is fine. */
  remove(name: string): Promise<void>;
  /** In order. */
  names(): Promise<readonly string[]>;
  /** Bytes that may still be stored; undefined where unknown. */
  freeBytes(): Promise<number | undefined>;
  /** Runs alone under a name, among all pages of this origin where the browser can. */
  exclusively<Result>(name: string, run: () => Promise<Result>): Promise<Result>;
}
