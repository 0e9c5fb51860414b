import { InputError, type RandomSource } from '@tesserae/core/data';

/** Probability that two texts that follow each other have one topic, 0..1. May run a model. */
export type SameTopic = (first: string, second: string) => number | Promise<number>;

/**
 * Joins paragraphs that follow each other into sections as long as a scorer finds one topic in neighbours (structural
 * segmentation, arXiv 2012.03619, section 4; `dennlinger/roberta-cls-consec`).
 *
 * @param threshold - Probabilities below cut, 0..1. Default 0.5.
 * @returns Sections of paragraphs.
 * @throws {InputError} The scorer gives no probability.
 */
export async function topicalSegments(
  paragraphs: readonly string[],
  sameTopic: SameTopic,
  threshold = 0.5,
): Promise<string[][]> {
  const sections: string[][] = [];
  for (const [index, paragraph] of paragraphs.entries()) {
    const isSame = index > 0 && (await checked(sameTopic, paragraphs[index - 1]!, paragraph)) >= threshold;
    if (isSame) sections.at(-1)!.push(paragraph);
    else sections.push([paragraph]);
  }
  return sections;
}

async function checked(sameTopic: SameTopic, first: string, second: string): Promise<number> {
  const probability = await sameTopic(first, second);
  if (probability >= 0 && probability <= 1) return probability;
  throw new InputError('sameTopic', 'a probability of 0..1', String(probability));
}

/** Two paragraphs, and whether they are of one section. */
export interface TopicPair {
  readonly first: string;
  readonly second: string;
  readonly isSame: boolean;
}

/**
 * Pairs to train such a scorer with: for every section so many pairs of two of its paragraphs, and as many of one of its
 * paragraphs with one of another section (arXiv 2012.03619, section 3).
 *
 * @param sections - Paragraphs of every section of a document.
 * @param count - Pairs of each kind a section. Default 3.
 */
export function topicPairs(
  sections: readonly (readonly string[])[],
  random: RandomSource,
  count = 3,
): readonly TopicPair[] {
  const any = <T>(list: readonly T[]): T => list[random.integers(0, list.length, 1)[0]!]!;
  return sections.flatMap((section, index) => {
    const others = sections.filter((other, at) => at !== index && other.length > 0);
    const pairs: TopicPair[] = [];
    for (let pair = 0; pair < count; pair += 1) {
      if (section.length > 1) {
        const [first, second] = random.permutation(section.length);
        pairs.push({ first: section[first!]!, second: section[second!]!, isSame: true });
      }
      if (section.length > 0 && others.length > 0) {
        pairs.push({ first: any(section), second: any(any(others)), isSame: false });
      }
    }
    return pairs;
  });
}
