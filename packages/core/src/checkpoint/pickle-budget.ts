import { PickleFault } from './pickle-cursor';

/**
 * Bounds that no real checkpoint comes near: a tensor takes about 45 operations, 10 objects and 8 memo entries. Those
 * of memory grow with the file, so that reading never takes more than a few times its size: an object is some 80 bytes,
 * a slot of a list or of the stack 8 (twice that while it grows).
 */
export const maximumOperations = 8_000_000;
const maximumObjects = 2_000_000;
const maximumMemo = 2_000_000;
const freeObjects = 200_000;
const bytesPerObject = 32;
const freeSlots = 300_000;
const bytesPerSlot = 8;
const freeMemo = 200_000;
const bytesPerMemo = 16;
const maximumNames = 10_000;
const maximumNameLength = 1024;

/** What a pickle may take, by the size of the file that it lies in. Every method throws a {@link PickleFault} beyond it. */
export class PickleBudget {
  private readonly maximumObjects: number;
  private readonly maximumSlots: number;
  private readonly maximumMemo: number;
  private objects = 0;
  private slots = 0;
  private copiedBytes = 0;

  constructor(private readonly fileBytes: number) {
    this.maximumObjects = Math.min(maximumObjects, freeObjects + Math.floor(fileBytes / bytesPerObject));
    this.maximumMemo = Math.min(maximumMemo, freeMemo + Math.floor(fileBytes / bytesPerMemo));
    this.maximumSlots = freeSlots + Math.floor(fileBytes / bytesPerSlot);
  }

  /** More objects. */
  make(count: number): void {
    this.objects += count;
    if (this.objects > this.maximumObjects) refuse(`more than ${this.maximumObjects} objects`);
  }

  /** More values in containers. */
  hold(count: number): void {
    this.slots += count;
    if (this.slots > this.maximumSlots) refuse(`more than ${this.maximumSlots} values in containers`);
  }

  /** More bytes that a call has copied. */
  copy(bytes: number): void {
    this.copiedBytes += bytes;
    if (this.copiedBytes > this.fileBytes) refuse('byte strings beyond the size of the file');
  }

  /** One more value on a stack of so many. */
  stack(size: number): void {
    if (size >= this.maximumSlots) refuse(`more than ${this.maximumSlots} values on the stack`);
  }

  /** A memo of so many. */
  memo(size: number): void {
    if (size > this.maximumMemo) refuse(`more than ${this.maximumMemo} memo entries`);
  }

  /** The length of a global's name. */
  nameLength(letters: number): void {
    if (letters > maximumNameLength) refuse(`a global of ${letters} letters`);
  }

  /** So many different globals. */
  names(count: number): void {
    if (count > maximumNames) refuse(`more than ${maximumNames} different globals`);
  }
}

function refuse(what: string): never {
  throw new PickleFault(what, 'limit-exceeded');
}
