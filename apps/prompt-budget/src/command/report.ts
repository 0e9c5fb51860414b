import { table } from '@tesserae/cli/shared';
import type { BudgetDocument } from '../fit/documents';
import type { FitResult, FittedDocument } from '../fit/fit-documents';

/** A row for each document and the sum. */
export function reportTable(result: FitResult, documents: readonly BudgetDocument[], vocabulary: string): string {
  const { tokens, budget, rest } = result;
  const rows = result.documents.map((document, index) => ({ ...document, ...noteOf(document, documents[index]!) }));
  const lines = [
    table(rows, [
      { title: 'in prompt', align: 'right', value: ({ inPrompt }) => String(inPrompt) },
      { title: 'tokens', align: 'right', value: ({ tokens: own }) => String(own) },
      { title: 'kept', align: 'right', value: ({ share }) => share },
      { title: 'state', value: ({ state }) => state },
      { title: 'document', value: ({ name }) => name },
      { title: '', value: ({ note }) => note },
    ]),
  ];
  if (rest > 0) lines.push(`${rest} tokens before, after and between them`);
  lines.push(`${tokens} of ${budget} tokens of ${vocabulary}, ${Math.max(budget - tokens, 0)} free`);
  return lines.join('\n');
}

function noteOf({ kept, state }: FittedDocument, { text, pinned, priority = 0 }: BudgetDocument) {
  const share =
    state === 'cut' ? Math.floor((100 * (kept.head + kept.tail)) / text.length) : state === 'whole' ? 100 : 0;
  const notes = [pinned === true ? 'pinned' : '', priority === 0 ? '' : `priority ${priority}`];
  return { share: `${share} %`, note: notes.filter((note) => note !== '').join(', ') };
}
