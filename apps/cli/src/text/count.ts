import { type CommandContext, countOption } from '../command';
import { eachInput } from '../io/each-input';
import { table } from '../output/table';
import { encodeOptions, idChunks } from './encode-text';
import { textInputs } from './text-inputs';
import { countCharacters } from './text-measures';
import { chosenVocabulary } from './vocabulary-options';

interface CountedText {
  readonly input: string;
  readonly tokens: number;
  readonly characters: number;
  readonly bytes: number;
  /** More tokens than the limit; counting stopped there. */
  readonly over: boolean;
}

export async function textCount(context: CommandContext): Promise<number> {
  const { output } = context;
  const limit = countOption(context, 'limit') ?? Infinity;
  const texts = await textInputs(context, context.positionals);
  const tokenizer = await chosenVocabulary(context);
  const done: CountedText[] = [];
  const failures = await eachInput(context, texts.names, async (input) => {
    let [tokens, characters, bytes] = [0, 0, 0];
    async function* measured(): AsyncIterable<string> {
      for await (const chunk of texts.chunks(input)) {
        characters += countCharacters(chunk);
        bytes += Buffer.byteLength(chunk);
        yield chunk;
      }
    }
    for await (const ids of idChunks(tokenizer, measured(), encodeOptions(context))) {
      tokens += ids.length;
      if (tokens > limit) break;
    }
    done.push({ input, tokens: Math.min(tokens, limit), characters, bytes, over: tokens > limit });
  });
  const total = totalOf(done);
  if (done.length > 0) show(context, done.length > 1 ? [...done, total] : done);
  for (const { input } of done.filter(({ over }) => over)) output.error(`${input}: more than ${limit} tokens.`);
  output.result({ vocabulary: tokenizer.info, files: done, total, failed: failures.length, failures });
  return failures.length > 0 || total.over ? 1 : 0;
}

function totalOf(texts: readonly CountedText[]): CountedText {
  const sum = (value: (text: CountedText) => number) => texts.reduce((all, text) => all + value(text), 0);
  return {
    input: 'total',
    tokens: sum(({ tokens }) => tokens),
    characters: sum(({ characters }) => characters),
    bytes: sum(({ bytes }) => bytes),
    over: texts.some(({ over }) => over),
  };
}

function show({ output }: CommandContext, texts: readonly CountedText[]): void {
  const read = (value: (text: CountedText) => string) => (text: CountedText) => (text.over ? '' : value(text));
  output.line(
    table(texts, [
      { title: 'tokens', align: 'right', value: ({ tokens, over }) => `${over ? '> ' : ''}${tokens}` },
      { title: 'characters', align: 'right', value: read(({ characters }) => String(characters)) },
      { title: 'bytes', align: 'right', value: read(({ bytes }) => String(bytes)) },
      {
        title: 'bytes/token',
        align: 'right',
        value: read(({ bytes, tokens }) => (tokens === 0 ? '-' : (bytes / tokens).toFixed(2))),
      },
      { title: 'text', value: ({ input }) => input },
    ]),
  );
}
