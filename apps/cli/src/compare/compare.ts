import { stat } from 'node:fs/promises';
import { InputError, startsAsTokens } from '@tesserae/core/data';
import { type CommandContext, UsageError } from '../command';
import { engineOption } from '../io/engine-option';
import { openMedia } from '../io/media-input';
import { modelPool } from '../io/model-pool';
import { standardStream } from '../io/standard-stream';
import { recognize } from '../modality/recognize';

export async function compare(context: CommandContext): Promise<number> {
  const { positionals, signal, output } = context;
  const [first, second] = positionals;
  if (first === undefined || second === undefined || positionals.length > 2 || positionals.includes(standardStream)) {
    throw new UsageError('expected the file of a picture or sound, and a second one or its token file.');
  }
  engineOption(context);
  const [reference, compared] = [await openMedia(first, signal), await openMedia(second, signal)];
  const isTokens = startsAsTokens(compared.start);
  const modality = recognize(reference.start, first);
  const other = isTokens ? modality : recognize(compared.start, second);
  if (other !== modality) throw new InputError(second, `a ${modality.noun}, as ${first}`, `a ${other.noun}`);
  const models = modelPool(context);
  try {
    const bytes = (await stat(second)).size;
    const facts = await modality.compare(context, models, { reference, compared, isTokens, bytes });
    for (const [key, value] of Object.entries(facts)) output.line(`${key.padEnd(16)} ${String(value)}`);
    output.result(facts);
    return 0;
  } finally {
    await models.dispose();
  }
}
