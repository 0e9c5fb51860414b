import { InputError } from '@tesserae/core/data';
import type { TextDecodeOptions } from './text-tokenizer';

/**
 * Refuses U+FFFD in decoded text where only valid UTF-8 is wanted.
 *
 * @throws {InputError} `undecodable`.
 */
export function strictText(text: string, { errors = 'replace' }: TextDecodeOptions): string {
  if (errors === 'strict' && text.includes('\ufffd')) {
    throw new InputError('ids', 'tokens whose bytes are valid UTF-8', 'other bytes', { code: 'undecodable' });
  }
  return text;
}
