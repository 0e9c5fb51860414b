import { type CommandContext, flag, UsageError } from '../command';
import { eachInput } from '../io/each-input';
import { type Column, table } from '../output/table';
import { encodeOptions } from './encode-text';
import { paintCells, wantsColor } from './paint-cells';
import { textInputs } from './text-inputs';
import { measureText, type TextMeasures } from './text-measures';
import { tokenCells } from './token-cells';
import type { PageSection } from './tokens-page';
import { wantsView, writeViews } from './view-files';
import { vocabularyByName } from './vocabulary-options';

interface ComparedText extends TextMeasures {
  readonly input: string;
  /** By the first and the second vocabulary. */
  readonly tokens: readonly [number, number];
}

export async function textCompare(context: CommandContext): Promise<number> {
  const { output } = context;
  const [left, right, ...operands] = context.positionals;
  if (left === undefined || right === undefined) throw new UsageError('expected two vocabularies and texts.');
  const showsTokens = flag(context, 'tokens');
  const color = wantsColor(context);
  const texts = await textInputs(context, operands);
  const names = [left, right] as const;
  const tokenizers = [await vocabularyByName(context, left), await vocabularyByName(context, right)] as const;
  const options = encodeOptions(context);
  const done: ComparedText[] = [];
  const sections: PageSection[] = [];
  const failures = await eachInput(context, texts.names, async (input) => {
    const text = await texts.whole(input);
    done.push({
      input,
      ...measureText(text),
      tokens: [tokenizers[0].count(text), tokenizers[1].count(text)],
    });
    if (!wantsView(context) && !showsTokens) return;
    const parts = tokenizers.map((tokenizer, index) => {
      const facts = `${done.at(-1)!.tokens[index]} tokens`;
      return { vocabulary: names[index]!, facts, cells: tokenCells(tokenizer, text, options) };
    });
    sections.push({ title: input, parts });
    if (!showsTokens) return;
    output.line(input);
    for (const { vocabulary, cells } of parts) output.line(`${vocabulary}:\n${paintCells(cells, color).trimEnd()}`);
  });
  const all = done.length > 1 ? [...done, totalOf(done)] : done;
  if (all.length > 0) show(context, names, all);
  const views = await writeViews(context, sections);
  output.result({
    vocabularies: tokenizers.map(({ info }) => info),
    texts: all.map(factsOf),
    ...views,
    failed: failures.length,
    failures,
  });
  return failures.length > 0 ? 1 : 0;
}

function totalOf(texts: readonly ComparedText[]): ComparedText {
  const sum = (value: (text: ComparedText) => number) => texts.reduce((all, text) => all + value(text), 0);
  return {
    input: 'total',
    characters: sum(({ characters }) => characters),
    words: sum(({ words }) => words),
    bytes: sum(({ bytes }) => bytes),
    tokens: [sum(({ tokens }) => tokens[0]), sum(({ tokens }) => tokens[1])],
  };
}

const units = ['characters', 'words', 'bytes'] as const;
const unitTitles = { characters: 'per character', words: 'per word', bytes: 'per byte' } as const;

function factsOf({ input, characters, words, bytes, tokens }: ComparedText): unknown {
  const per = (count: number) => ratio(count, { characters, words, bytes });
  return { input, characters, words, bytes, tokens, perUnit: tokens.map(per), change: change(tokens) };
}

const ratio = (tokens: number, measures: TextMeasures): Readonly<Record<string, number | null>> =>
  Object.fromEntries(units.map((unit) => [unit, measures[unit] === 0 ? null : tokens / measures[unit]]));

/** How many more tokens the second has, as a share of those of the first; null where there are none. */
const change = ([first, second]: ComparedText['tokens']): number | null =>
  first === 0 ? null : (second - first) / first;

function show({ output }: CommandContext, names: readonly [string, string], texts: readonly ComparedText[]): void {
  interface Row {
    readonly text: string;
    readonly measure: string;
    readonly of: string;
    readonly values: readonly string[];
    readonly change: string;
  }
  const rows = texts.flatMap((text): Row[] => {
    const share = change(text.tokens);
    const percent = share === null ? '-' : `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;
    return [
      { text: text.input, measure: 'tokens', of: '', values: text.tokens.map(String), change: percent },
      ...units.map((unit): Row => {
        const values = text.tokens.map((count) => ratio(count, text)[unit]?.toFixed(3) ?? '-');
        return { text: '', measure: unitTitles[unit], of: String(text[unit]), values, change: '' };
      }),
    ];
  });
  const columns: readonly Column<Row>[] = [
    { title: 'text', value: ({ text }) => text },
    { title: '', value: ({ measure }) => measure },
    { title: 'of', align: 'right', value: ({ of }) => of },
    ...names.map((title, index): Column<Row> => ({ title, align: 'right', value: ({ values }) => values[index]! })),
    { title: 'change', align: 'right', value: (row) => row.change },
  ];
  output.line(table(rows, columns));
}
