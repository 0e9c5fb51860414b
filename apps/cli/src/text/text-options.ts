import type { TextSaveFormat } from '@tesserae/text';
import type { ArgsDef } from 'citty';

export const defaultVocabulary = 'o200k_base';

const encodingOption: ArgsDef = {
  encoding: {
    type: 'string',
    valueHint: 'name',
    description: 'What a .tiktoken file is for, such as cl100k_base (default: what it is called)',
  },
};

/** Options of the commands that take one vocabulary. */
export const vocabularyOptions: ArgsDef = {
  vocabulary: {
    type: 'string',
    alias: 'm',
    valueHint: 'name, path or owner/name',
    description: `Name, .tiktoken, tokenizer.json, .model, .bin, vocab.txt, a folder or a model of the hub (default: ${defaultVocabulary})`,
  },
  ...encodingOption,
};

/** Options of the commands that name vocabularies as operands. */
export const operandVocabularyOptions: ArgsDef = encodingOption;

/** Options of the commands that read texts. */
export const textInputOptions: ArgsDef = {
  text: { type: 'string', valueHint: 'text', description: 'This text instead of files' },
};

/** What `--specials` takes. */
export const specialModes = ['ordinary', 'allow', 'error'] as const;

/** Options of the commands that show ids. */
export const specialOptions: ArgsDef = {
  specials: {
    type: 'string',
    valueHint: specialModes.join('|'),
    description: 'What text that looks like a special token is (default: ordinary text)',
  },
  'add-special-tokens': { type: 'boolean', description: "Add what the tokenizer's template says, such as [CLS]" },
};

/** Options of the commands that show tokens in files. */
export const viewOptions: ArgsDef = {
  html: { type: 'string', valueHint: 'file', description: 'Also write a page that shows the tokens' },
  svg: { type: 'string', valueHint: 'file', description: 'Also write a picture that shows the tokens' },
};

/** What `--color` takes. */
export const colorChoices = ['auto', 'always', 'never'] as const;

/** Options of the commands that show tokens. */
export const colorOptions: ArgsDef = {
  color: {
    type: 'string',
    valueHint: colorChoices.join('|'),
    description: 'Tokens on colored ground, or in brackets (default: colored on a terminal)',
  },
};

/**
 * Files of ids: numbers in decimal with white space between them; token files; bare integers of 2 or 4 bytes, little
 * end first, as training programs map them.
 */
export const idFormats = ['ids', 'tok', 'uint16', 'uint32'] as const;
export type IdFormat = (typeof idFormats)[number];

/** What a vocabulary can be written as. */
export const saveFormats: readonly TextSaveFormat[] = [
  'tokenizer.json',
  'tiktoken',
  'sentencepiece',
  'binary',
  'boundless-bpe',
];
