import { utf8Encode } from '../bytes/utf8';

/** How well a lexicon describes a text. */
export interface LibMetrics {
  /** Code points of a chunk of the text. */
  readonly meanLength: number;
  /** `meanLength / log2(lexicon size)`: larger is better. */
  readonly evaluationIndex: number;
  /** Bits of a Huffman tree over the chunks in use, and of their texts. */
  readonly modelBits: number;
  /** Bits of the text in this code. */
  readonly textBits: number;
  /** Minimum description length: the sum of both. */
  readonly descriptionBits: number;
}

/**
 * @param chunks - A text in chunks.
 * @param lexiconSize - Chunks of the lexicon, those that do not occur included.
 */
export function libMetrics(chunks: readonly string[], lexiconSize: number): LibMetrics {
  const counts = new Map<string, number>();
  let characters = 0;
  for (const chunk of chunks) {
    counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
    characters += [...chunk].length;
  }
  const meanLength = chunks.length > 0 ? characters / chunks.length : 0;
  const textBits = huffmanBits([...counts.values()]);
  const modelBits = counts.size > 0 ? treeBits(counts.size) + 8 * utf8Encode([...counts.keys()].join('\t')).length : 0;
  const evaluationIndex = lexiconSize > 1 ? meanLength / Math.log2(lexiconSize) : 0;
  return { meanLength, evaluationIndex, modelBits, textBits, descriptionBits: modelBits + textBits };
}

/** A tree as a text over three signs: one for the left and one for the right branch, and one for each leaf. */
const treeBits = (leaves: number): number => Math.ceil((3 * leaves - 2) * Math.log2(3));

/** Length of a text in the best code with whole bits; 0 for one kind of chunk. */
export function huffmanBits(counts: readonly number[]): number {
  const leaves = counts.toSorted((a, b) => a - b);
  const joined: number[] = [];
  let [leaf, branch, total] = [0, 0, 0];
  const smallest = (): number => {
    const isLeaf = leaf < leaves.length && (branch >= joined.length || leaves[leaf]! <= joined[branch]!);
    return isLeaf ? leaves[leaf++]! : joined[branch++]!;
  };
  for (let merges = 1; merges < leaves.length; merges += 1) {
    const sum = smallest() + smallest();
    joined.push(sum);
    total += sum;
  }
  return total;
}
