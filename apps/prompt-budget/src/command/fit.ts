import {
  choiceOption,
  chosenVocabulary,
  type Command,
  type CommandContext,
  commonOptions,
  expandFiles,
  fileText,
  sizeOption,
  standardStream,
  textOption,
  UsageError,
  vocabularyOptions,
  writeBytes,
} from '@tesserae/cli/shared';
import { cuts, type BudgetDocument, type FitSettings, layouts, shares } from '../fit/documents';
import { fitSteps } from '../fit/fit-documents';
import { inTurns } from '../fit/in-turns';
import { documentRules } from './document-rules';
import { reportTable } from './report';

export const fitCommand: Command = {
  name: '',
  summary: 'Fits documents into a budget of tokens and prints the prompt; a table says what became of each',
  operands: '--budget <n> <documents, folders, globs or ->',
  options: {
    budget: { type: 'string', alias: 'b', valueHint: 'n', description: 'Tokens of the prompt at most' },
    reserve: { type: 'string', valueHint: 'n', description: 'Tokens of the budget to keep free, for the answer' },
    ...vocabularyOptions,
    out: { type: 'string', alias: 'o', valueHint: 'file', description: 'Where to write (default: standard output)' },
    pin: { type: 'string', valueHint: 'patterns', description: 'Documents that go in whole: README.md,src/*.ts' },
    priority: {
      type: 'string',
      valueHint: 'patterns',
      description: 'Who goes in first, 0 if not said: notes.txt=2,old/**=-1',
    },
    cut: {
      type: 'string',
      valueHint: cuts.join('|'),
      description: 'What goes where a document does not fit (default: tail)',
    },
    share: {
      type: 'string',
      valueHint: shares.join('|'),
      description: 'Of one priority: the first documents get all, or each the same (default: first)',
    },
    layout: {
      type: 'string',
      valueHint: layouts.join('|'),
      description: 'Documents bare, under headings or between tags (default: headings)',
    },
    least: { type: 'string', valueHint: 'n', description: 'Fewer tokens of a document are left out (default: 16)' },
    marker: { type: 'string', valueHint: 'text', description: 'Stands where something is missing (default: […])' },
    before: { type: 'string', valueHint: 'text', description: 'Text in front of the documents, always there' },
    after: { type: 'string', valueHint: 'text', description: 'Text behind the documents, always there' },
    ...commonOptions,
  },
  examples: [
    'prompt-budget --budget 8000 --vocabulary o200k_base docs/*.md > prompt.txt',
    'prompt-budget -b 32000 --reserve 2000 --pin README.md --share even "src/**/*.ts" --out prompt.txt',
    'git diff | prompt-budget -b 4000 --cut middle --after "Review this change." -',
    'prompt-budget serve   # the page',
  ],
  printsResult: true,
  async run(context) {
    const { output, signal } = context;
    const out = textOption(context, 'out') ?? standardStream;
    const settings = fitSettings(context);
    const names = await expandFiles(context.positionals, 'documents');
    const rules = await documentRules(names, {
      pin: textOption(context, 'pin'),
      priority: textOption(context, 'priority'),
    });
    const tokenizer = await chosenVocabulary(context);
    const documents: BudgetDocument[] = [];
    for (const [index, name] of names.entries())
      documents.push({ ...rules[index]!, name, text: await wholeText(context, name) });
    const result = await inTurns(fitSteps(tokenizer, documents, settings), signal);
    const inJson = output.json && out === standardStream;
    if (result.fits && !inJson) await writeBytes(out, Buffer.from(result.prompt), signal);
    output.line(reportTable(result, documents, tokenizer.info.variant));
    const { prompt, ...facts } = result;
    output.result({
      vocabulary: tokenizer.info,
      ...facts,
      ...(result.fits && (inJson ? { prompt } : { output: out })),
    });
    if (result.fits) return 0;
    const over = result.tokens - result.budget;
    output.error(`what has to be in the prompt takes ${result.tokens} tokens, ${over} more than the ${result.budget}.`);
    return 1;
  },
};

function fitSettings(context: CommandContext): FitSettings {
  const budget = sizeOption(context, 'budget');
  if (budget === undefined) throw new UsageError('expected --budget with a number of tokens.');
  const reserve = sizeOption(context, 'reserve') ?? 0;
  if (reserve > budget) throw new UsageError(`--reserve: expected at most the budget of ${budget}, got ${reserve}.`);
  const layout = choiceOption(context, 'layout', layouts);
  const share = choiceOption(context, 'share', shares);
  const cut = choiceOption(context, 'cut', cuts);
  const least = sizeOption(context, 'least');
  const marker = textOption(context, 'marker');
  const before = textOption(context, 'before');
  const after = textOption(context, 'after');
  return {
    budget: budget - reserve,
    ...(layout && { layout }),
    ...(share && { share }),
    ...(cut && { cut }),
    ...(least !== undefined && { least }),
    ...(marker !== undefined && { marker }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}

async function wholeText(context: CommandContext, name: string): Promise<string> {
  const parts: string[] = [];
  for await (const part of fileText(context, name)) parts.push(part);
  return parts.join('');
}
