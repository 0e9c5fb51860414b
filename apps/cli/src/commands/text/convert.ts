import { resolve } from 'node:path';
import { commonOptions, UsageError, type Command } from '../../command';
import { writeBytes } from '../../io/files';
import { byteSize } from '../../output/table';
import { saveFormat, saveFormats } from '../../text/save-formats';
import { operandVocabularyOptions, vocabularyByName } from '../../text/vocabulary-options';

export const textConvertCommand: Command = {
  name: 'text convert',
  summary: 'A vocabulary into a file of another kind, where that can hold it',
  operands: '<vocabulary> <out.json, out.tiktoken, out.model or out.bin>',
  options: {
    as: {
      type: 'string',
      valueHint: saveFormats.join('|'),
      description: 'What to write (default: what the name ends with)',
    },
    ...operandVocabularyOptions,
    ...commonOptions,
  },
  examples: [
    'tesserae text convert cl100k_base cl100k_base.tiktoken',
    'tesserae text convert ./gpt2/vocab.json tokenizer.json   # merges.txt lies beside it',
    'tesserae text convert ./bert/vocab.txt tokenizer.json',
    'tesserae text convert tokenizer.json tokenizer.bin   # the compact form, which loads fastest',
  ],
  async run(context) {
    const { output, positionals, signal } = context;
    const [source, path] = positionals;
    if (source === undefined || path === undefined || positionals.length > 2)
      throw new UsageError('expected a vocabulary and the name of the new file.');
    const format = saveFormat(context, path);
    if (resolve(source) === resolve(path)) throw new UsageError(`${source} would be overwritten.`);
    const tokenizer = await vocabularyByName(context, source);
    const bytes = tokenizer.save(format);
    await writeBytes(path, bytes, signal);
    output.line(`${source} -> ${path}  ${format}, ${byteSize(bytes.length)}`);
    output.result({ vocabulary: tokenizer.info, output: path, format, bytes: bytes.length });
    return 0;
  },
};
