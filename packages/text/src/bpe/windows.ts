import { unitClass, unitClasses } from '../scanner/scanner';

/** Units copied at once: they and their pieces stay in the processor's cache. */
const windowUnits = 1 << 15;

/** Units behind the end that may be read, but mean nothing. */
const padding = 16;

/** A stretch of text as UTF-16 units, in which lone surrogates are U+FFFD. */
export interface TextWindow {
  /** Behind the end there is more room, with anything in it. */
  units: Uint16Array;
  /** The same memory, for reading two units at once wherever they lie. */
  view: DataView;
  /** Units in use. */
  length: number;
}

export function createTextWindow(capacity = windowUnits): TextWindow {
  const { units, view } = reserved(capacity);
  return { units, view, length: 0 };
}

/** Makes room; what the window held is lost. */
export function reserveWindow(window: TextWindow, length: number): void {
  if (window.units.length >= length + padding) return;
  const { units, view } = reserved(length);
  window.units = units;
  window.view = view;
}

function reserved(capacity: number): Pick<TextWindow, 'units' | 'view'> {
  const units = new Uint16Array(capacity + padding);
  return { units, view: new DataView(units.buffer) };
}

/** A unit and the next one in the upper half. */
export const unitPair = (view: DataView, index: number): number => view.getInt32(index << 1, true);

/**
 * Copies the next stretch of a text that can be split into pieces on its own.
 *
 * A stretch ends where every compiled pattern ends a piece; one without such a place is as long as it has to be.
 *
 * @returns Where the stretch ends.
 */
export function fillWindow(window: TextWindow, text: string, start: number, limit: number): number {
  let end = limit;
  for (let size = windowUnits; start + size < limit; size *= 2) {
    const cut = lastSafeCut(text, start + (size >> 1), start + size);
    if (cut > 0) {
      end = cut;
      break;
    }
  }
  copyUnits(window, text, start, end);
  return end;
}

/** The last place in `start..end` where pieces end for sure, or -1. */
export function lastSafeCut(text: string, start: number, end: number): number {
  for (let cut = end - 1; cut > start; cut -= 1) if (isSafeCut(text, cut)) return cut;
  return -1;
}

/** The first place in `start..end` where pieces end for sure, or -1. */
export function firstSafeCut(text: string, start: number, end: number): number {
  for (let cut = start + 1; cut < end; cut += 1) if (isSafeCut(text, cut)) return cut;
  return -1;
}

/**
 * True where every compiled pattern ends a piece: behind a letter and before white space, a number or a character that
 * is no letter, mark or apostrophe. Both are characters of one unit.
 */
export function isSafeCut(text: string, cut: number): boolean {
  const table = unitClasses();
  const before = table[text.charCodeAt(cut - 1)]!;
  if (before < unitClass.upper || before > unitClass.caseless) return false;
  const next = text.charCodeAt(cut);
  return table[next]! <= unitClass.number && next !== 0x27 && (next & 0xf800) !== 0xd800;
}

/** Copies `text[start .. end]`. */
export function copyUnits(window: TextWindow, text: string, start: number, end: number): void {
  const length = end - start;
  reserveWindow(window, length);
  window.length = length;
  if (length >= worthACall && copyAtOnce(window, start === 0 && end === text.length ? text : text.slice(start, end))) {
    return;
  }
  const { units } = window;
  for (let index = 0; index < length; index += 1) {
    let unit = text.charCodeAt(start + index);
    if ((unit & 0xf800) === 0xd800 && !isPaired(text, start, end, start + index)) unit = 0xfffd;
    units[index] = unit;
  }
}

/** Shorter texts are copied unit by unit before a call into the engine has begun. */
const worthACall = 64;

/** What is used of Node's `Buffer`. */
interface NodeBuffer {
  readonly from: (memory: ArrayBufferLike) => { write(text: string, encoding: 'utf16le'): number };
}

const { Buffer: nodeBuffer } = globalThis as { readonly Buffer?: NodeBuffer };
/** Code units lie in memory as UTF-16LE has them. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Has the engine copy a text without lone surrogates, where it can. */
function copyAtOnce({ units }: TextWindow, text: string): boolean {
  if (!nodeBuffer || !isLittleEndian || !isWellFormed(text)) return false;
  return nodeBuffer.from(units.buffer).write(text, 'utf16le') === text.length * 2;
}

/** A method of ES2024. */
const isWellFormed = (text: string): boolean =>
  (text as string & { readonly isWellFormed?: () => boolean }).isWellFormed?.() ?? false;

/** True where the surrogate at `at` has its partner inside `start..end`. */
function isPaired(text: string, start: number, end: number, at: number): boolean {
  const isHigh = text.charCodeAt(at) < 0xdc00;
  const other = isHigh ? at + 1 : at - 1;
  if (other < start || other >= end) return false;
  return (text.charCodeAt(other) & 0xfc00) === (isHigh ? 0xdc00 : 0xd800);
}
