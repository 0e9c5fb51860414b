import type { Tokens } from '@tesserae/core/data';
import { withFirst } from '../io/async-items';
import type { ItemGroup } from '../modality/modality';
import { isPart } from './stream-parts';

/** Items sound by sound: each by itself, or all parts of a stream together while they come. */
export async function* soundItems(items: AsyncIterable<Tokens>): AsyncGenerator<ItemGroup> {
  const given = await withFirst(items);
  if (!given) return;
  const { first, all } = given;
  if (isPart(first)) {
    yield { first, isOnly: true, items: all };
    return;
  }
  let last: Tokens | undefined;
  let isOnly = true;
  for await (const item of all) {
    if (last) {
      isOnly = false;
      yield groupOf(last, false);
    }
    last = item;
  }
  if (last) yield groupOf(last, isOnly);
}

function groupOf(item: Tokens, isOnly: boolean): ItemGroup {
  async function* only() {
    yield item;
  }
  return { first: item, isOnly, items: only() };
}
