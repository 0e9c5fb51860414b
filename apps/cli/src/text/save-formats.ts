import { UnsupportedError } from '@tesserae/core/data';
import type { TextSaveFormat, TextTokenizer } from '@tesserae/text';

/** What a vocabulary can be written as. */
export const saveFormats: readonly TextSaveFormat[] = ['tokenizer.json', 'tiktoken', 'sentencepiece'];

/** The file, or undefined where the format cannot hold the vocabulary. */
export function savesAs(tokenizer: TextTokenizer, format: TextSaveFormat): Uint8Array | undefined {
  try {
    return tokenizer.save(format);
  } catch (error) {
    if (UnsupportedError.isInstance(error) && error.name === 'UnsupportedError') return undefined;
    throw error;
  }
}
