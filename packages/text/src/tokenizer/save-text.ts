import { writeBinaryForm } from '../binary/container';
import { cannotSave } from './cannot-save';
import { checkChoice } from './check-arguments';
import type { TextModel } from './text-model';
import type { TextSaveFormat } from './text-tokenizer';

const formats = ['tokenizer.json', 'tiktoken', 'sentencepiece', 'boundless-bpe', 'binary'] as const;

/**
 * @throws {InputError} No such format.
 * @throws {UnsupportedError} The format cannot hold the tokenizer.
 */
export function saveText(model: TextModel, format: TextSaveFormat): Uint8Array {
  checkChoice('format', format, formats);
  if (format !== 'binary') return model.save(format);
  if (!model.pack) throw cannotSave(model.info.variant, format, 'its family has no compact form');
  return writeBinaryForm(model.pack());
}
