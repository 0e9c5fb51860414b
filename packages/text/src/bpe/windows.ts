import { unitClass, unitClasses } from '../scanner/scanner';

/** Units copied at once: they and their pieces stay in the processor's cache. */
const windowUnits = 1 << 15;

/** A stretch of text as UTF-16 units, in which lone surrogates are U+FFFD. */
export interface TextWindow {
  units: Uint16Array;
  /** Units in use. */
  length: number;
}

export const createTextWindow = (): TextWindow => ({ units: new Uint16Array(windowUnits), length: 0 });

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
function isSafeCut(text: string, cut: number): boolean {
  const table = unitClasses();
  const before = table[text.charCodeAt(cut - 1)]!;
  if (before < unitClass.upper || before > unitClass.caseless) return false;
  const next = text.charCodeAt(cut);
  return table[next]! <= unitClass.number && next !== 0x27 && (next & 0xf800) !== 0xd800;
}

/** Copies `text[start .. end]`. */
export function copyUnits(window: TextWindow, text: string, start: number, end: number): void {
  const length = end - start;
  if (window.units.length < length) window.units = new Uint16Array(length);
  const { units } = window;
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(start + index);
    units[index] = unit;
    if ((unit & 0xf800) === 0xd800) {
      const next = start + index + 1 < end ? text.charCodeAt(start + index + 1) : 0;
      if (unit < 0xdc00 && (next & 0xfc00) === 0xdc00) {
        index += 1;
        units[index] = next;
      } else {
        units[index] = 0xfffd;
      }
    }
  }
  window.length = length;
}
