import { type CommandContext, flag, textOption, UsageError } from '../command';
import { factLines, type Facts } from '../inspect/facts';
import { eachInput } from '../io/each-input';
import { table } from '../output/table';
import { encodeOptions } from './encode-text';
import { paintCells, wantsColor } from './paint-cells';
import { savesAs } from './save-formats';
import { textInputs } from './text-inputs';
import { saveFormats } from './text-options';
import { type TokenCell, tokenCells } from './token-cells';
import type { PageSection } from './tokens-page';
import { wantsView, writeViews } from './view-files';
import { visibleText } from './visible-text';
import { chosenVocabulary } from './vocabulary-options';

const countTokens = (cells: readonly TokenCell[]): number => cells.reduce((sum, { tokens }) => sum + tokens.length, 0);

export async function textInspect(context: CommandContext): Promise<number> {
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
}

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
