import { resolve } from 'node:path';
import { type CommandContext, UsageError } from '../command';
import { writeBytes } from '../io/files';
import { byteSize } from '../output/table';
import { saveFormat } from './save-formats';
import { vocabularyByName } from './vocabulary-options';

export async function textConvert(context: CommandContext): Promise<number> {
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
}
