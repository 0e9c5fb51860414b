import { InputError } from '../errors/input-error';
import type { Tokens } from '../tokens/tokens';
import type { EncodeOnlyTokenizer, EncodeOptions } from './tokenizer';

export interface EncodeAllOptions extends EncodeOptions {
  /** Items in flight: read ahead while the model runs. Default 2. */
  readonly concurrency?: number;
}

/**
 * Encodes a stream of inputs with back-pressure: never more than `concurrency` items are taken from the source ahead
 * of the consumer. Tokens come in input order, with the ids of `encode`.
 */
export async function* encodeAll<Input>(
  tokenizer: EncodeOnlyTokenizer<Input>,
  inputs: AsyncIterable<Input> | Iterable<Input>,
  { concurrency = 2, ...options }: EncodeAllOptions = {},
): AsyncGenerator<Tokens> {
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new InputError('concurrency', 'a whole number of at least 1', String(concurrency));
  const pending: Promise<Tokens>[] = [];
  try {
    for await (const input of inputs) {
      options.signal?.throwIfAborted();
      const work = tokenizer.encode(input, options);
      // The failure is thrown when its turn comes; until then it must not count as unhandled.
      work.catch(() => undefined);
      pending.push(work);
      if (pending.length >= concurrency) yield await pending.shift()!;
    }
    while (pending.length > 0) yield await pending.shift()!;
  } finally {
    await Promise.allSettled(pending);
  }
}
