import { InputError } from '@tesserae/core/data';
import { utf8Encode } from '../bytes/utf8';
import { editOperations } from '../edit-distance/edit-operations';

/** What a tagger says of one byte: nothing where all three are 0. */
export type EditLabel = readonly [
  /** Id of what comes in front of it. */
  insert: number,
  /** Id of what it becomes. */
  replace: number,
  /** 1 where it goes. */
  remove: number,
];

/** A word's ids before a round, and the labels of that round. */
export interface LabelRound {
  /** Bytes of UTF-8 + 3, and the end token 1, as ByT5 has them. */
  readonly ids: readonly number[];
  /** One label an id. */
  readonly labels: readonly EditLabel[];
}

const byteOffset = 3;
const endId = 1;
const hyphen = 0x2d + byteOffset;
/** More than any word needs; labels that undo each other would go on for ever. */
const mostRounds = 64;

/** Ids of a word as ByT5 has them, without its end token. */
const byteIds = (text: string): number[] => Array.from(utf8Encode(text), (byte) => byte + byteOffset);

/**
 * Labels that turn a compound into its normalized parts with hyphens between them, byte by byte (`levenshtein_label` of
 * the official code of CompoundPiece, arXiv 2305.14214): the first round splits the word and begins to normalize its
 * parts, later rounds do what collided in those before.
 *
 * @param word - As it is written: `arbeitszimmer`.
 * @param segmented - The same with hyphens where parts begin: `arbeits-zimmer`.
 * @param normalized - Its parts in their own forms: `arbeit-zimmer`.
 * @throws {InputError} Other numbers of parts, or labels that never reach the normalized form.
 */
export function byteEditLabels(word: string, segmented: string, normalized: string): LabelRound[] {
  const parts = normalized.split('-').map(byteIds);
  if (segmented.split('-').length !== parts.length) {
    throw new InputError('normalized', `${segmented.split('-').length} parts, as in ${segmented}`, normalized);
  }
  parts[parts.length - 1]!.push(endId);
  const wanted = [...byteIds(normalized), endId];
  let ids = [...byteIds(word), endId];
  let round = createRound(ids);
  const rounds = [round];
  let current = [...byteIds(segmented), endId];
  for (const { kind, source, target } of editOperations(ids, current)) {
    setLabel(round.labels[source]!, kind, current[target]!);
  }
  let collides = false;
  for (let step = 0; !isSame(current, wanted); step += 1) {
    if (step === mostRounds) throw new InputError('normalized', 'a form that the labels can reach', normalized);
    if (collides) {
      ids = current;
      round = createRound(ids);
      rounds.push(round);
    }
    collides = normalizeParts(round.labels, partsOf(current, rounds.length > 1), parts);
    current = applyEdits(ids, round.labels);
    // The official code goes on from what it just made, whether or not it opens a round for it.
    if (rounds.length > 1) ids = current;
  }
  return rounds;
}

type OpenLabel = [insert: number, replace: number, remove: number];

const createRound = (ids: readonly number[]): { ids: readonly number[]; labels: OpenLabel[] } => ({
  ids,
  labels: ids.map((): OpenLabel => [0, 0, 0]),
});

const columns = { insert: 0, replace: 1, delete: 2 } as const;

/** @returns False where the label says something else already. */
function setLabel(label: OpenLabel | undefined, kind: keyof typeof columns, id: number): boolean {
  const column = columns[kind];
  if (!label || label[column] !== 0) return false;
  label[column] = kind === 'delete' ? 1 : id;
  return true;
}

interface Part {
  readonly ids: readonly number[];
  /** Where it begins among the labels. */
  readonly start: number;
}

/** Parts between hyphens; in the first round the labels do not know of the hyphens yet. */
function partsOf(ids: readonly number[], hasHyphens: boolean): Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (let at = 0; at <= ids.length; at += 1) {
    if (at < ids.length && ids[at] !== hyphen) continue;
    parts.push({ ids: ids.slice(start, at), start: hasHyphens ? start : start - parts.length });
    start = at + 1;
  }
  return parts;
}

/** @returns True where a label was taken already. */
function normalizeParts(labels: OpenLabel[], parts: readonly Part[], wanted: readonly (readonly number[])[]): boolean {
  let collides = false;
  for (const [place, { ids, start }] of parts.entries()) {
    const target = wanted[place];
    if (!target) break;
    for (const { kind, source, target: at } of editOperations(ids, target)) {
      if (!setLabel(labels[start + source], kind, target[at]!)) collides = true;
    }
  }
  return collides;
}

/**
 * Does what labels say. What is inserted comes in front of the last id so far, which is the labeled one where that
 * stays (`apply_edits` of the official code). An id that is both replaced and removed is replaced.
 *
 * @throws {InputError} Other numbers of ids and labels.
 */
export function applyEdits(ids: readonly number[], labels: readonly EditLabel[]): number[] {
  if (ids.length !== labels.length) throw new InputError('labels', `${ids.length} of them`, String(labels.length));
  const out: number[] = [];
  for (const [place, [insert, replace, remove]] of labels.entries()) {
    if (replace !== 0) out.push(replace);
    else if (remove === 0) out.push(ids[place]!);
    if (insert !== 0) out.splice(Math.max(0, out.length - 1), 0, insert);
  }
  return out;
}

const isSame = (left: readonly number[], right: readonly number[]): boolean =>
  left.length === right.length && left.every((id, place) => id === right[place]);
