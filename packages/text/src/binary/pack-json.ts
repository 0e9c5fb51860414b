import { utf8Encode } from '../bytes/utf8';
import type { PackedText } from './container';
import { writeDifferences, writeVarints } from './number-tables';
import { writeStrings } from './string-table';

/** A tokenizer.json without its tables, as it was read. */
interface TokenizerFile {
  readonly model: {
    readonly vocab?: unknown;
    readonly merges?: unknown;
    readonly continuing_subword_prefix?: unknown;
  };
}

/** How the tables of a file are written. */
export interface JsonForm {
  /** `object`: strings, differences of ids; `list`: strings, float64 scores; `text`: the file as it is. */
  readonly vocabulary: 'object' | 'list' | 'text';
  /** As the file writes merges; then places of left and right, and differences of places of what they make. */
  readonly merges?: 'strings' | 'pairs';
}

/**
 * A tokenizer.json with its vocabulary and merges as tables.
 *
 * @param fingerprint - Of the file as it was given.
 */
export function packJson(file: Uint8Array, root: unknown, name: string, fingerprint: string): PackedText {
  const { model, ...rest } = root as TokenizerFile;
  const { vocab, merges, ...settings } = model;
  const table = packVocabulary(vocab);
  const packedMerges = merges === undefined ? [] : table && packMerges(merges, table.strings, model);
  const header = { name, fingerprint };
  if (!table || !packedMerges) {
    return { kind: 'json', header: { ...header, form: { vocabulary: 'text' } }, sections: [file] };
  }
  const form: JsonForm = {
    vocabulary: table.form,
    ...(merges !== undefined && {
      merges: typeof (merges as readonly unknown[])[0] === 'string' ? 'strings' : 'pairs',
    }),
  };
  return {
    kind: 'json',
    header: { ...header, form, frame: { ...rest, model: settings } },
    sections: [...table.sections, ...packedMerges],
  };
}

interface PackedTable {
  readonly form: 'object' | 'list';
  readonly strings: readonly string[];
  readonly sections: readonly Uint8Array[];
}

/** Undefined where strings or numbers are not what a table holds. */
function packVocabulary(vocab: unknown): PackedTable | undefined {
  if (Array.isArray(vocab)) {
    const entries = vocab as readonly (readonly [string, number])[];
    const strings = entries.map(([piece]) => piece);
    const scores = Float64Array.from(entries, ([, score]) => score);
    if (!isExact(strings) || entries.some((entry) => entry.length !== 2)) return undefined;
    const bytes = new Uint8Array(scores.length * 8);
    const view = new DataView(bytes.buffer);
    for (const [index, score] of scores.entries()) view.setFloat64(index * 8, score, true);
    return { form: 'list', strings, sections: [...writeStrings(strings), bytes] };
  }
  const entries = Object.entries(vocab as Readonly<Record<string, number>>);
  const strings = entries.map(([token]) => token);
  if (!isExact(strings)) return undefined;
  const ids = entries.map(([, id]) => id);
  return { form: 'object', strings, sections: [...writeStrings(strings), writeDifferences(ids)] };
}

/** UTF-8 keeps everything but lone surrogates. */
const isExact = (strings: readonly string[]): boolean => !strings.some((text) => /\p{Surrogate}/u.test(text));

/** Undefined where merges are written in two ways. */
function packMerges(
  merges: unknown,
  strings: readonly string[],
  { continuing_subword_prefix: prefix }: TokenizerFile['model'],
): readonly Uint8Array[] | undefined {
  const list = merges as readonly (string | readonly [string, string])[];
  const places = new Map(strings.map((text, place) => [text, place]));
  const skipped = typeof prefix === 'string' ? prefix.length : 0;
  const halves = new Uint32Array(list.length * 2);
  const made = new Int32Array(list.length);
  for (const [rank, merge] of list.entries()) {
    if (typeof merge !== typeof list[0]) return undefined;
    const [left, right] = typeof merge === 'string' ? (merge.split(' ') as [string, string]) : merge;
    halves[rank * 2] = places.get(left)!;
    halves[rank * 2 + 1] = places.get(right)!;
    made[rank] = places.get(left + right.slice(skipped))!;
  }
  return [writeVarints(halves), writeDifferences(made)];
}

/** A file that no table fits. */
export const packedBytes = (file: string | object): Uint8Array =>
  utf8Encode(typeof file === 'string' ? file : JSON.stringify(file));
