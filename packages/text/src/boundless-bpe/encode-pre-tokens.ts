import { ConfigError } from '@tesserae/core/data';
import { utf8Encode } from '../bytes/utf8';
import { popHeap, pushHeap } from '../numeric/heap';
import type { PreTokenFinder } from './pre-tokens';
import type { Timeline } from './timeline';

/** Tokens of a text, and where they are. */
export interface EncodedPreTokens {
  readonly ids: number[];
  /** Bytes of each token. */
  readonly lengths: number[];
  /** Byte of the text where each token begins. */
  readonly starts: number[];
}

/** Symbols of a text as a list; a place is the byte, counted without dropped text, where a symbol begins. */
interface Replay {
  readonly symbols: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** 1: a pre-token begins here. */
  readonly begins: Uint8Array;
  readonly waiting: number[];
  /** Time of the last event. */
  time: number;
}

/** Events in order of time, of equals the first place. */
const eventRoom = 2 ** 32;
const ascending = (one: number, other: number): number => one - other;

/**
 * Replays all merges, supermerges and deletions on the pre-tokens of a text, in the order of their times, as
 * `FasterRegexInference` of kensho-technologies/boundlessbpe does; O(n log n).
 *
 * @throws {ConfigError} A token that is left in the end is not in the vocabulary.
 */
export function encodePreTokens(timeline: Timeline, find: PreTokenFinder, text: string): EncodedPreTokens {
  const { replay, textBytes } = startReplay(timeline, find, text);
  for (let place = 0; place < replay.symbols.length; place += 1) {
    offerPair(timeline, replay, place);
    offerDeletion(timeline, replay, place);
  }
  while (replay.waiting.length > 0) {
    const key = popHeap(replay.waiting, ascending)!;
    const time = Math.floor(key / eventRoom);
    applyEvent(timeline, replay, time, key - time * eventRoom);
  }
  const encoded: EncodedPreTokens = { ids: [], lengths: [], starts: [] };
  for (let place = 0; place < replay.symbols.length; place = replay.next[place]!) {
    const symbol = replay.symbols[place]!;
    const id = timeline.ids[symbol]!;
    if (id < 0) throw new ConfigError('tokens', 'every token that is left in the end', `none for symbol ${symbol}`);
    encoded.ids.push(id);
    encoded.lengths.push(timeline.lengths[symbol]!);
    encoded.starts.push(textBytes[place]!);
  }
  return encoded;
}

function startReplay(timeline: Timeline, find: PreTokenFinder, text: string) {
  const parts: { readonly bytes: Uint8Array; readonly start: number }[] = [];
  let length = 0;
  let textByte = 0;
  let last = 0;
  find(text, (start, end) => {
    textByte += utf8Encode(text.slice(last, start)).length;
    const bytes = utf8Encode(text.slice(start, end));
    parts.push({ bytes, start: textByte });
    length += bytes.length;
    textByte += bytes.length;
    last = end;
  });
  const replay: Replay = {
    symbols: new Int32Array(length),
    next: Int32Array.from({ length }, (_, place) => place + 1),
    previous: Int32Array.from({ length: length + 1 }, (_, place) => place - 1),
    begins: new Uint8Array(length + 1),
    waiting: [],
    time: -1,
  };
  const textBytes = new Int32Array(length);
  let place = 0;
  for (const { bytes, start } of parts) {
    replay.begins[place] = 1;
    for (const [offset, byte] of bytes.entries()) {
      replay.symbols[place] = timeline.bytes[byte]!;
      textBytes[place] = start + offset;
      place += 1;
    }
  }
  replay.begins[length] = 1;
  return { replay, textBytes };
}

function applyEvent(timeline: Timeline, replay: Replay, time: number, place: number): void {
  const { kind, left, right, parts } = timeline.events[time]!;
  const { symbols, next } = replay;
  if (symbols[place] !== left) return;
  const behind = next[place]!;
  if (kind !== 'deletion') {
    const isOneToken = isWhole(replay, place) && behind < symbols.length && isWhole(replay, behind);
    const joins = kind === 'merge' ? !replay.begins[behind] : isOneToken;
    if (behind >= symbols.length || symbols[behind] !== right || !joins) return;
    remove(replay, place, behind);
  }
  replay.time = time;
  replaceSymbol(timeline, replay, place, parts);
}

/** Takes the symbol behind a place out. */
function remove({ symbols, next, previous, begins }: Replay, place: number, behind: number): void {
  const after = next[behind]!;
  symbols[behind] = -1;
  begins[behind] = 0;
  next[place] = after;
  previous[after] = place;
}

function replaceSymbol(timeline: Timeline, replay: Replay, place: number, parts: readonly number[]): void {
  const { symbols, next, previous } = replay;
  const after = next[place]!;
  let last = place;
  for (const [index, part] of parts.entries()) {
    if (index > 0) {
      // The places of a symbol's bytes are free.
      const here = last + timeline.lengths[parts[index - 1]!]!;
      next[last] = here;
      previous[here] = last;
      last = here;
    }
    symbols[last] = part;
  }
  next[last] = after;
  previous[after] = last;
  if (place > 0) offerPair(timeline, replay, previous[place]!);
  for (let here = place; here < after; here = next[here]!) {
    offerPair(timeline, replay, here);
    offerDeletion(timeline, replay, here);
  }
}

/** True where a symbol is a whole pre-token. */
const isWhole = ({ begins, next }: Replay, place: number): boolean => begins[place] === 1 && begins[next[place]!] === 1;

function offerPair(timeline: Timeline, replay: Replay, place: number): void {
  const { symbols, next, begins } = replay;
  const behind = next[place]!;
  if (behind >= symbols.length) return;
  const isAcross = begins[behind] === 1;
  if (isAcross && !(isWhole(replay, place) && isWhole(replay, behind))) return;
  const times = isAcross ? timeline.supermergeTimes : timeline.mergeTimes;
  offer(replay, place, times.get(timeline.pairKey(symbols[place]!, symbols[behind]!)));
}

function offerDeletion(timeline: Timeline, replay: Replay, place: number): void {
  offer(replay, place, timeline.deletionTimes.get(replay.symbols[place]!));
}

/** The first of the times that is still to come. */
function offer({ waiting, time }: Replay, place: number, times: readonly number[] | undefined): void {
  const next = times?.find((one) => one > time);
  if (next !== undefined) pushHeap(waiting, next * eventRoom + place, ascending);
}
