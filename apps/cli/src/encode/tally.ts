import type { SourceFacts, Tokens } from '@tesserae/core/data';
import type { Encoded } from '../modality/modality';

/** Counts items on their way, so that none has to be kept. */
export interface Tally {
  through(items: AsyncIterable<Tokens>): AsyncGenerator<Tokens>;
  /** Of what has come through; there is at least one item. */
  facts(): Encoded;
}

export function tally(): Tally {
  let items = 0;
  let tokens = 0;
  let payloadBits = 0;
  let source: SourceFacts | undefined;
  return {
    async *through(given) {
      for await (const item of given) {
        items += 1;
        tokens += item.length;
        payloadBits += item.payloadBits;
        source = source ? longer(source, item.source) : item.source;
        yield item;
      }
    },
    facts: () => ({ items, tokens, payloadBits, source: source! }),
  };
}

/** The facts of the first item, as long as both. */
function longer(first: SourceFacts, next: SourceFacts): SourceFacts {
  return first.modality === 'audio' && next.modality === 'audio'
    ? { ...first, samples: first.samples + next.samples }
    : first;
}
