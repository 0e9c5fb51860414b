import { readTokensFile, type Tokens } from '@tesserae/core/data';
import type { ScanOrder } from '@tesserae/core/metrics';
import { choiceOption, type CommandContext, textOption } from '../command';
import { eachInput } from '../io/each-input';
import { expandInputs } from '../io/expand-inputs';
import { readBytes } from '../io/files';
import { scanOrders } from './scan-orders';
import { writePlots } from './statistics-plots';
import { statisticsTable } from './statistics-table';
import { tokenSet, type TokenSet } from './token-set';

export async function stats(context: CommandContext): Promise<number> {
  const { output, signal } = context;
  const order = choiceOption(context, 'order', scanOrders) ?? 'row';
  const folder = textOption(context, 'svg');
  const inputs = await expandInputs(context.positionals, 'token files');
  const sets = new Map<string, TokenSet>();
  const failures = await eachInput(context, inputs, async (input) =>
    addFile(sets, input, readTokensFile(await readBytes(input, signal)), order),
  );
  const plots: string[] = [];
  for (const set of sets.values()) {
    output.line(titleOf(set));
    output.line(statisticsTable(set.levels()));
    if (folder !== undefined) plots.push(...(await writePlots(folder, set, signal)));
  }
  for (const path of plots) output.line(`-> ${path}`);
  output.result({
    sets: [...sets.values()].map((set) => ({
      tokenizer: set.tokenizer,
      files: set.files,
      items: set.items,
      levels: set.levels(),
      protocols: set.protocols(),
    })),
    ...(folder !== undefined && { plots }),
    failed: failures.length,
    failures,
  });
  return failures.length > 0 ? 1 : 0;
}

/** Files of one tokenizer and weights are counted together. */
function addFile(sets: Map<string, TokenSet>, input: string, items: readonly Tokens[], order: ScanOrder): void {
  const [first] = items;
  if (!first) return;
  const key = `${first.tokenizer.id} ${first.tokenizer.fingerprint}`;
  const set = sets.get(key) ?? tokenSet(first.tokenizer, order);
  set.add(input, items);
  sets.set(key, set);
}

function titleOf({ tokenizer, files, items }: TokenSet): string {
  const number = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return `${tokenizer.id} ${tokenizer.variant}: ${number(items, 'item')} of ${number(files.length, 'file')}`;
}
