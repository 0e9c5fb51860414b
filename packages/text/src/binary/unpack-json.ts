import { ConfigError } from '@tesserae/core/data';
import { utf8Encode } from '../bytes/utf8';
import type { PackedText } from './container';
import { readDifferences, readVarints } from './number-tables';
import type { JsonForm } from './pack-json';
import { readStrings } from './string-table';

/** A tokenizer.json, read from tables. */
export interface UnpackedJson {
  /** What the file parses to, but with a `Map` as vocabulary and merges as an `Int32Array` of left, right and made ids. */
  readonly root: unknown;
  /** The file, with the same content. */
  file(): Uint8Array;
}

/** @throws {ConfigError} A table is damaged. */
export function unpackJson({ header, sections }: PackedText, name: string): UnpackedJson {
  const { vocabulary, merges: mergeForm } = header['form'] as JsonForm;
  const section = (index: number): Uint8Array => {
    const found = sections[index];
    if (!found) throw new ConfigError(`${name}: section ${index}`, 'a table', 'nothing');
    return found;
  };
  const frame = header['frame'] as { readonly model: object };
  const strings = readStrings(section(0), section(1), `${name}: vocabulary`);
  const numbers =
    vocabulary === 'list' ? readScores(section(2)) : readDifferences(section(2), `${name}: vocabulary ids`);
  if (numbers.length !== strings.length) {
    throw new ConfigError(`${name}: vocabulary`, `${strings.length} numbers`, String(numbers.length));
  }
  const places = mergeForm && readPlaces(section(3), section(4), strings.length, `${name}: merges`);
  const list = () => strings.map((text, index) => [text, numbers[index]!] as const);
  const ids = places && Int32Array.from(places, (place) => numbers[place]!);
  return {
    root: {
      ...frame,
      model: {
        ...frame.model,
        vocab: vocabulary === 'list' ? list() : new Map(list()),
        ...(ids && { merges: ids }),
      },
    },
    file() {
      const vocab = vocabulary === 'list' ? list() : Object.fromEntries(list());
      const merges = places && mergesOf(places, strings, mergeForm);
      return utf8Encode(JSON.stringify({ ...frame, model: { ...frame.model, vocab, ...(merges && { merges }) } }));
    },
  };
}

function readScores(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length >> 3 }, (_, index) => view.getFloat64(index * 8, true));
}

/** Places of left, right and what they make, for each merge. */
function readPlaces(halves: Uint8Array, made: Uint8Array, count: number, name: string): Int32Array {
  const pairs = readVarints(halves, name);
  const results = readDifferences(made, name);
  if (pairs.length !== results.length * 2)
    throw new ConfigError(name, `${results.length} pairs`, `${pairs.length / 2}`);
  const places = new Int32Array(results.length * 3);
  for (let rank = 0; rank < results.length; rank += 1) {
    places[rank * 3] = pairs[rank * 2]!;
    places[rank * 3 + 1] = pairs[rank * 2 + 1]!;
    places[rank * 3 + 2] = results[rank]!;
  }
  const wrong = places.findIndex((place) => place < 0 || place >= count);
  if (wrong >= 0)
    throw new ConfigError(`${name}[${Math.floor(wrong / 3)}]`, `places below ${count}`, `${places[wrong]}`);
  return places;
}

function mergesOf(
  places: Int32Array,
  strings: readonly string[],
  form: 'strings' | 'pairs',
): readonly (string | readonly string[])[] {
  return Array.from({ length: places.length / 3 }, (_, rank) => {
    const [left, right] = [strings[places[rank * 3]!]!, strings[places[rank * 3 + 1]!]!];
    return form === 'strings' ? `${left} ${right}` : [left, right];
  });
}
