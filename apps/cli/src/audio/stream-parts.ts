import { type Json, type SourceFacts, Tokens } from '@tesserae/core/data';

/** Field of `source.extra` that marks an item as a part of a stream: all items of its file are one sound. */
const mark = 'partOfStream';

/** Tokens that say that they are a part of a stream. */
export function asPart(tokens: Tokens): Tokens {
  return withExtra(tokens, { ...fieldsOf(tokens.source), [mark]: true });
}

export function isPart({ source }: Pick<Tokens, 'source'>): boolean {
  return fieldsOf(source)[mark] === true;
}

/** Parts of a stream, or the only item, as one. */
export function joinParts(items: readonly Tokens[]): Tokens {
  const joined = items.length === 1 ? items[0]! : Tokens.join(items);
  if (!isPart(joined)) return joined;
  const { [mark]: _, ...extra } = fieldsOf(joined.source);
  return withExtra(joined, extra);
}

function withExtra(tokens: Tokens, extra: Readonly<Record<string, Json>>): Tokens {
  const { tokenizer, levels, prefixUnit } = tokens;
  const { extra: _, ...source } = tokens.source;
  return new Tokens({
    tokenizer,
    levels,
    prefixUnit,
    source: (Object.keys(extra).length === 0 ? source : { ...source, extra }) as SourceFacts,
  });
}

function fieldsOf({ extra }: SourceFacts): Readonly<Record<string, Json>> {
  const isObject = typeof extra === 'object' && extra !== null && !Array.isArray(extra);
  return isObject ? (extra as Readonly<Record<string, Json>>) : {};
}
