import { utf8Encode, utf8TextLength } from '../../bytes/utf8';
import { type Charsmap, shortestMatch } from '../../sentencepiece/charsmap';
import { graphemes, isPrepended } from '../../unicode/graphemes';
import { type AlignedText, rewriteText } from '../aligned-text';
import type { Normalizer } from './normalizer';

/** Clusters of more bytes are looked up character by character. */
const longestCluster = 5;
const rememberedTexts = 50_000;
const carriageReturn = 0x0d;

/** What a map makes of a text; undefined: it stays. */
type LookUp = (text: string) => string | undefined;

/**
 * SentencePiece's character map as the Hugging Face library applies it: grapheme cluster by grapheme cluster, and the
 * first prefix that the map knows stands for a whole cluster.
 */
export function precompiledNormalizer(charsmap: Charsmap): Normalizer {
  let known = new Map<string, string | null>();
  const lookUp: LookUp = (text) => {
    const cached = known.get(text);
    if (cached !== undefined) return cached ?? undefined;
    const found = shortestMatch(charsmap, utf8Encode(text));
    if (known.size >= rememberedTexts) known = new Map();
    known.set(text, found ?? null);
    return found;
  };
  const ascii = Array.from({ length: 128 }, (_, unit) => lookUp(String.fromCharCode(unit)));
  return (source) => (source.tracked ? rewriteClusters(source, lookUp) : replaceClusters(source, lookUp, ascii));
}

function rewriteClusters(source: AlignedText, lookUp: LookUp): AlignedText {
  const characters: string[] = [];
  const changes: number[] = [];
  let isChanged = false;
  for (const { old, replacement } of replacements(source.text, lookUp)) {
    if (replacement === undefined) {
      characters.push(old);
      changes.push(0);
      continue;
    }
    isChanged = true;
    const added = [...replacement];
    const difference = added.length - [...old].length;
    for (const [index, character] of added.entries()) {
      characters.push(character);
      changes.push(difference > 0 && index >= added.length - difference ? 1 : 0);
    }
    if (difference < 0 && changes.length > 0) changes[changes.length - 1]! += difference;
  }
  return isChanged ? rewriteText(source, characters, changes) : source;
}

/** Clusters that are replaced as a whole, and otherwise single characters. */
function* replacements(
  text: string,
  lookUp: LookUp,
): Generator<{ readonly old: string; readonly replacement: string | undefined }> {
  for (const cluster of graphemes(text)) {
    const whole = utf8TextLength(cluster) <= longestCluster ? lookUp(cluster) : undefined;
    if (whole !== undefined) {
      yield { old: cluster, replacement: whole };
    } else {
      for (const old of cluster) yield { old, replacement: lookUp(old) };
    }
  }
}

/** Without alignment: ASCII between ASCII is a cluster of its own, and mostly stays as it is. */
function replaceClusters(source: AlignedText, lookUp: LookUp, ascii: readonly (string | undefined)[]): AlignedText {
  const { text } = source;
  const parts: string[] = [];
  let kept = 0;
  for (let at = 0; at < text.length;) {
    let end = at + 1;
    let replacement: string | undefined;
    if (isAlone(text, at)) {
      replacement = ascii[text.charCodeAt(at)];
    } else {
      while (end < text.length && !(isAlone(text, end) && !reachesOn(text, end))) end += 1;
      const stretch = text.slice(at, end);
      replacement = '';
      for (const { old, replacement: found } of replacements(stretch, lookUp)) replacement += found ?? old;
      if (replacement === stretch) replacement = undefined;
    }
    if (replacement !== undefined) {
      parts.push(text.slice(kept, at), replacement);
      kept = end;
    }
    at = end;
  }
  if (kept === 0) return source;
  parts.push(text.slice(kept));
  return { ...source, text: parts.join(''), starts: undefined, ends: undefined };
}

/** An ASCII character, no carriage return, before another one: nothing joins it from behind. */
function isAlone(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit < 0x80 && unit !== carriageReturn && !(text.charCodeAt(at + 1) >= 0x80);
}

/** The character before `at` takes the one at `at` into its cluster. */
function reachesOn(text: string, at: number): boolean {
  const unit = text.charCodeAt(at - 1);
  if (unit < 0x80) return unit === carriageReturn;
  const isPair = (unit & 0xfc00) === 0xdc00 && at > 1;
  return isPrepended(isPair ? text.codePointAt(at - 2)! : unit);
}
