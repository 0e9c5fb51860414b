import { commonOptions, flag, textOption, UsageError, type Command, type CommandContext } from '../../command';
import { factLines, type Facts } from '../../inspect/facts';
import { eachInput } from '../../io/each-input';
import { table } from '../../output/table';
import { encodeOptions, specialOptions } from '../../text/encode-text';
import { colorOptions, paintCells, wantsColor } from '../../text/paint-cells';
import { saveFormats, savesAs } from '../../text/save-formats';
import { textInputOptions, textInputs } from '../../text/text-inputs';
import { tokenCells, type TokenCell } from '../../text/token-cells';
import type { PageSection } from '../../text/tokens-page';
import { viewOptions, wantsView, writeViews } from '../../text/view-files';
import { visibleText } from '../../text/visible-text';
import { chosenVocabulary, vocabularyOptions } from '../../text/vocabulary-options';

const countTokens = (cells: readonly TokenCell[]): number => cells.reduce((sum, { tokens }) => sum + tokens.length, 0);

export const textInspectCommand: Command = {
  name: 'text inspect',
  summary: 'The tokens of texts, colored; without a text what a vocabulary is',
  operands: '[texts, folders, globs or -]',
  options: {
    ...vocabularyOptions,
    ...textInputOptions,
    table: { type: 'boolean', description: 'A line for each token: its place, id, spelling and text' },
    ...viewOptions,
    ...colorOptions,
    ...specialOptions,
    ...commonOptions,
  },
  examples: [
    'tesserae text inspect --text "Hello, world!"',
    'tesserae text inspect notes.txt --vocabulary cl100k_base --html tokens.html',
    'tesserae text inspect notes.txt --svg tokens.svg',
    'tesserae text inspect --vocabulary ./tokenizer.json --text "Grüße" --table',
    'tesserae text inspect --vocabulary ./spiece.model   # what the file is',
  ],
  async run(context) {
    const { output, positionals } = context;
    if (positionals.length === 0 && textOption(context, 'text') === undefined) {
      if (wantsView(context) || flag(context, 'table')) throw new UsageError('--html, --svg and --table need a text.');
      return inspectVocabulary(context);
    }
    const color = wantsColor(context);
    const options = encodeOptions(context);
    const texts = await textInputs(context, positionals);
    const tokenizer = await chosenVocabulary(context);
    const sections: PageSection[] = [];
    const failures = await eachInput(context, texts.names, async (input) => {
      const cells = tokenCells(tokenizer, await texts.whole(input), options);
      const facts = `${countTokens(cells)} tokens`;
      sections.push({ title: input, parts: [{ vocabulary: tokenizer.info.variant, facts, cells }] });
      output.line(flag(context, 'table') ? cellTable(cells) : paintCells(cells, color).trimEnd());
      output.line(`${input}: ${facts} of ${tokenizer.info.variant}`);
    });
    const views = await writeViews(context, sections);
    output.result({
      vocabulary: tokenizer.info,
      files: sections.map(({ title, parts }) => ({
        input: title,
        tokens: parts.reduce((sum, { cells }) => sum + countTokens(cells), 0),
        cells: parts.flatMap(({ cells }) => cells),
      })),
      ...views,
      failed: failures.length,
      failures,
    });
    return failures.length > 0 ? 1 : 0;
  },
};

async function inspectVocabulary(context: CommandContext): Promise<number> {
  const tokenizer = await chosenVocabulary(context);
  const { id, variant, kind, vocabularySize } = tokenizer.info;
  const { fingerprint } = tokenizer.tokens({ ids: new Int32Array() }).tokenizer;
  let tokens = 0;
  for (let each = 0; each < vocabularySize; each += 1) if (tokenizer.idToToken(each) !== undefined) tokens += 1;
  const facts: Facts = {
    vocabulary: variant,
    system: id,
    kind,
    vocabularySize,
    tokens,
    fingerprint,
    savesAs: saveFormats.filter((format) => savesAs(tokenizer, format) !== undefined),
  };
  for (const line of factLines(facts)) context.output.line(line);
  context.output.result(facts);
  return 0;
}

function cellTable(cells: readonly TokenCell[]): string {
  const rows = cells.flatMap((cell) => cell.tokens.map((shown) => ({ ...cell, ...shown })));
  const seen = (text: string) => JSON.stringify(visibleText(text).replaceAll('↵\n', '\n'));
  return table(rows, [
    { title: 'start', align: 'right', value: ({ start, ofText }) => (ofText ? String(start) : '-') },
    { title: 'end', align: 'right', value: ({ end, ofText }) => (ofText ? String(end) : '-') },
    { title: 'id', align: 'right', value: ({ id }) => String(id) },
    { title: 'token', value: ({ token }) => seen(token) },
    { title: 'text', value: ({ text, ofText }) => (ofText ? seen(text) : '') },
  ]);
}
