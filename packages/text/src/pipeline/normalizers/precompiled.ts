import { utf8Encode } from '../../bytes/utf8';
import { type Charsmap, shortestMatch } from '../../sentencepiece/charsmap';
import { graphemes } from '../../unicode/graphemes';
import { rewriteText } from '../aligned-text';
import type { Normalizer } from './normalizer';

/** Clusters of more bytes are looked up character by character. */
const longestCluster = 5;

/**
 * SentencePiece's character map as the Hugging Face library applies it: grapheme cluster by grapheme cluster, and the
 * first prefix that the map knows stands for a whole cluster.
 */
export function precompiledNormalizer(charsmap: Charsmap): Normalizer {
  const known = new Map<string, string | undefined>();
  const lookUp = (text: string): string | undefined => {
    if (known.has(text)) return known.get(text);
    const found = shortestMatch(charsmap, utf8Encode(text));
    if (known.size < 20_000) known.set(text, found);
    return found;
  };
  return (source) => {
    const characters: string[] = [];
    const changes: number[] = [];
    let isChanged = false;
    const replace = (old: string, replacement: string) => {
      isChanged = true;
      const added = [...replacement];
      const difference = added.length - [...old].length;
      for (const [index, character] of added.entries()) {
        characters.push(character);
        changes.push(difference > 0 && index >= added.length - difference ? 1 : 0);
      }
      if (difference < 0 && changes.length > 0) changes[changes.length - 1]! += difference;
    };
    for (const cluster of graphemes(source.text)) {
      const whole = utf8Encode(cluster).length <= longestCluster ? lookUp(cluster) : undefined;
      if (whole !== undefined) {
        replace(cluster, whole);
        continue;
      }
      for (const character of cluster) {
        const found = lookUp(character);
        if (found === undefined) {
          characters.push(character);
          changes.push(0);
        } else {
          replace(character, found);
        }
      }
    }
    return isChanged ? rewriteText(source, characters, changes) : source;
  };
}
