import { UnsupportedError } from '@tesserae/core/data';
import { writeByteCharacters } from '../bytes/byte-alphabet';
import { gpt2Pattern } from '../scanner/known-patterns';
import type { ByteVocabulary } from './byte-vocabulary';
import { bytesOfToken, idCount } from './token-bytes';

/**
 * A rank file as tokenizer.json, which gives the same ids.
 *
 * @throws {UnsupportedError} Some token can be made of more than one pair.
 */
export function tiktokenJson(
  { tokens, pairs }: ByteVocabulary,
  specials: ReadonlyMap<string, number>,
  pattern: string,
  name: string,
): object {
  const texts = Array.from({ length: idCount(tokens) }, (_, id) => writeByteCharacters(bytesOfToken(tokens, id)));
  const merges: (readonly [string, string] | undefined)[] = [];
  for (let at = 0; at < pairs.slots.length; at += 4) {
    const [left, right, rank] = [pairs.slots[at]!, pairs.slots[at + 1]!, pairs.slots[at + 2]!];
    if (left === -1) continue;
    if (merges[rank]) {
      throw new UnsupportedError('save("tokenizer.json")', `${name}: token ${rank} can be made of several pairs.`);
    }
    merges[rank] = [texts[left]!, texts[right]!];
  }
  const byteLevel = (useRegex: boolean) => ({
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: false,
    use_regex: useRegex,
  });
  const split = { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
  const isGpt2 = pattern === gpt2Pattern;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [...specials].map(([content, id]) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: isGpt2 ? byteLevel(true) : { type: 'Sequence', pretokenizers: [split, byteLevel(false)] },
    post_processor: byteLevel(true),
    decoder: byteLevel(true),
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: true,
      vocab: vocabularyOf(texts, specials, name),
      merges: merges.filter((merge) => merge !== undefined),
    },
  };
}

/**
 * Ids by token. The native reader numbers added tokens itself, one after the other, unless they are in the vocabulary:
 * where ids have gaps they go there too.
 */
function vocabularyOf(
  texts: readonly string[],
  specials: ReadonlyMap<string, number>,
  name: string,
): Readonly<Record<string, number>> {
  const entries = texts.flatMap((text, id) => (text === '' ? [] : [[text, id] as const]));
  const known = new Map(entries);
  let next = entries.length;
  let hasGap = false;
  for (const [content, id] of specials) {
    if (known.has(content) && known.get(content) !== id) {
      throw new UnsupportedError('save("tokenizer.json")', `${name}: ${JSON.stringify(content)} is two tokens.`);
    }
    if (id !== next) hasGap = true;
    next += 1;
  }
  return Object.fromEntries(hasGap ? [...entries, ...specials] : entries);
}
