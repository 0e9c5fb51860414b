import { UnsupportedError } from '@tesserae/core/data';
import type { TextSaveFormat } from './text-tokenizer';

/** For tokenizers that a file format cannot hold. */
export function cannotSave(variant: string, format: TextSaveFormat, reason: string): UnsupportedError {
  return new UnsupportedError(`save("${format}")`, `${variant} cannot be written like that, since ${reason}.`);
}
