/** A batch of token sequences as one linked list, with the pairs of neighbours and where they are. */
export interface Batch {
  /** Token at every position, an index into `texts`; -1 where it was merged into one before. */
  readonly tokens: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** First position of every sequence, and the end. */
  readonly starts: Int32Array;
  readonly texts: string[];
  readonly idOfText: Map<string, number>;
}

export function createBatch(sequences: readonly (readonly string[])[]): Batch {
  const starts = new Int32Array(sequences.length + 1);
  for (const [index, sequence] of sequences.entries()) starts[index + 1] = starts[index]! + sequence.length;
  const total = starts[sequences.length]!;
  const batch: Batch = {
    tokens: new Int32Array(total),
    next: new Int32Array(total).fill(-1),
    previous: new Int32Array(total).fill(-1),
    starts,
    texts: [],
    idOfText: new Map(),
  };
  for (const [index, sequence] of sequences.entries()) {
    for (const [offset, token] of sequence.entries()) {
      const position = starts[index]! + offset;
      batch.tokens[position] = textId(batch, token);
      if (offset === 0) continue;
      batch.previous[position] = position - 1;
      batch.next[position - 1] = position;
    }
  }
  return batch;
}

/** Number of a token text; the same text has the same number, however it came about. */
export function textId({ texts, idOfText }: Batch, text: string): number {
  let id = idOfText.get(text);
  if (id === undefined) {
    id = texts.push(text) - 1;
    idOfText.set(text, id);
  }
  return id;
}

/** Positions of the tokens of one sequence that are left. */
export function positionsOf({ starts, next }: Batch, sequence: number): number[] {
  const positions: number[] = [];
  if (starts[sequence] === starts[sequence + 1]) return positions;
  for (let at = starts[sequence]!; at >= 0; at = next[at]!) positions.push(at);
  return positions;
}
