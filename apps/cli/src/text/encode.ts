import { choiceOption, type CommandContext, textOption } from '../command';
import { eachInput } from '../io/each-input';
import { writeBytes, writeChunks } from '../io/files';
import { outputPaths } from '../io/output-paths';
import { standardStream } from '../io/standard-stream';
import { encodeOptions, idChunks } from './encode-text';
import { idEndings, joined, writeIds } from './id-formats';
import { textInputs } from './text-inputs';
import { idFormats } from './text-options';
import { chosenVocabulary } from './vocabulary-options';

interface EncodedText {
  readonly input: string;
  readonly tokens: number;
  /** Where it was written. */
  readonly output?: string;
  readonly bytes?: number;
  /** Where it was not written. */
  readonly ids?: readonly number[];
}

export async function textEncode(context: CommandContext): Promise<number> {
  const { output, signal } = context;
  const out = textOption(context, 'out');
  const format = choiceOption(context, 'as', idFormats) ?? 'ids';
  const options = encodeOptions(context);
  const texts = await textInputs(context, context.positionals);
  const paths = out === undefined ? [] : outputPaths(texts.names, idEndings[format], out, context.positionals);
  const tokenizer = await chosenVocabulary(context);
  const done: EncodedText[] = [];
  const failures = await eachInput(context, texts.names, async (input, index) => {
    const path = paths[index] ?? standardStream;
    const kept: Int32Array[] = [];
    const keeps = output.json && out === undefined;
    let tokens = 0;
    let bytes = 0;
    async function* counted(): AsyncIterable<Int32Array> {
      for await (const ids of idChunks(tokenizer, texts.chunks(input), options)) {
        tokens += ids.length;
        if (keeps) kept.push(ids);
        else yield ids;
      }
    }
    async function* written(): AsyncIterable<Uint8Array> {
      for await (const chunk of writeIds(counted(), format, tokenizer)) {
        bytes += chunk.length;
        yield chunk;
      }
    }
    if (path !== standardStream) await writeChunks(path, written(), signal);
    else if (keeps) for await (const ids of counted()) kept.push(ids);
    else for await (const chunk of written()) await writeBytes(path, chunk, signal);
    if (path !== standardStream) output.line(`${input} -> ${path}  ${tokens} tokens, ${bytes} bytes`);
    done.push({ input, tokens, ...(keeps ? { ids: [...joined(kept)] } : { output: path, bytes }) });
  });
  output.result({ vocabulary: tokenizer.info, files: done, failed: failures.length, failures });
  return failures.length > 0 ? 1 : 0;
}
