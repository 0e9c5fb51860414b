import type { RunOptions } from '@tesserae/core';
import type { Tokens } from '@tesserae/core/data';
import { encodeImage, type ImageTokenizer } from '@tesserae/image';
import { allOf } from '../io/async-items';
import { writeBytes } from '../io/files';
import { decodePicture, pictureGroups } from '../io/tile-groups';
import type { AnyTokenizer, DecodedFacts, ItemGroup } from '../modality/modality';
import type { DecodeSettings } from './image-modality';

/** Items picture by picture; tiles are known only when all are there. */
export async function* pictureItems(items: AsyncIterable<Tokens>): AsyncGenerator<ItemGroup> {
  const groups = pictureGroups(await allOf(items));
  for (const group of groups) yield { first: group[0]!, isOnly: groups.length === 1, items: each(group) };
}

async function* each(group: readonly Tokens[]): AsyncGenerator<Tokens> {
  yield* group;
}

export async function writePicture(
  tokenizer: AnyTokenizer,
  group: ItemGroup,
  path: string,
  { format, quality, run, ...settings }: DecodeSettings & { readonly run: RunOptions },
): Promise<DecodedFacts> {
  const options = { ...settings, ...run };
  const decoded = await decodePicture(tokenizer as ImageTokenizer, await allOf(group.items), options);
  const bytes = await encodeImage(decoded, { format, ...(quality !== undefined && { quality }) });
  await writeBytes(path, bytes, run.signal!);
  return { width: decoded.width, height: decoded.height, bytes: bytes.length };
}
