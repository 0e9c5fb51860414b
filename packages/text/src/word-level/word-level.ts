import { InputError } from '@tesserae/core/data';
import { utf8TextLength } from '../bytes/utf8';
import type { WordModel } from '../pipeline/word-model';

/** Every word is one token, or unknown. */
export function createWordLevel(vocabulary: ReadonlyMap<string, number>, unknownToken: string): WordModel {
  const unknown = vocabulary.get(unknownToken);
  return {
    kind: 'word-level',
    vocabulary,
    encodeWord(word) {
      const id = vocabulary.get(word) ?? unknown;
      if (id === undefined) {
        throw new InputError('text', `words of the vocabulary, which has no ${unknownToken}`, JSON.stringify(word));
      }
      return { ids: [id], starts: [0], ends: [utf8TextLength(word)] };
    },
  };
}
