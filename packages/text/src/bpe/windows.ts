import { unitClass, unitClasses } from '../scanner/scanner';

/** Units copied at once: they and their pieces stay in the processor's cache. */
const windowUnits = 1 << 15;

/** Units behind the end that may be read, but mean nothing. */
const padding = 16;

/** A stretch of text as UTF-16 units, in which lone surrogates are U+FFFD. */
export interface TextWindow {
  units: Uint16Array;
  /** Each unit with the next one in its upper half. Behind the end there is more room, with anything in it. */
  pairs: Int32Array;
  /** Units in use. */
  length: number;
}

export function createTextWindow(capacity = windowUnits): TextWindow {
  return { units: new Uint16Array(capacity), pairs: new Int32Array(capacity + padding), length: 0 };
}

/** Makes room; what the window held is lost. */
export function reserveWindow(window: TextWindow, length: number): void {
  if (window.units.length >= length) return;
  window.units = new Uint16Array(length);
  window.pairs = new Int32Array(length + padding);
}

/** Fills `pairs` from the first units. */
export function pairUnits({ units, pairs }: TextWindow, length: number): void {
  let following = 0;
  for (let index = length - 1; index >= 0; index -= 1) {
    const unit = units[index]!;
    pairs[index] = unit | (following << 16);
    following = unit;
  }
}

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
  const { units, pairs } = window;
  window.length = length;
  let before = 0;
  for (let index = 0; index < length; index += 1) {
    let unit = text.charCodeAt(start + index);
    if ((unit & 0xf800) === 0xd800 && !isPaired(text, start, end, start + index)) unit = 0xfffd;
    units[index] = unit;
    if (index > 0) pairs[index - 1] = before | (unit << 16);
    before = unit;
  }
  if (length > 0) pairs[length - 1] = before;
}

/** True where the surrogate at `at` has its partner inside `start..end`. */
function isPaired(text: string, start: number, end: number, at: number): boolean {
  const isHigh = text.charCodeAt(at) < 0xdc00;
  const other = isHigh ? at + 1 : at - 1;
  if (other < start || other >= end) return false;
  return (text.charCodeAt(other) & 0xfc00) === (isHigh ? 0xdc00 : 0xd800);
}
