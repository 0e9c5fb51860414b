import { stat } from 'node:fs/promises';
import type { Tokens } from '@tesserae/core/data';
import { readImage } from '@tesserae/image';
import type { Facts } from '../inspect/facts';
import type { MediaInput } from '../io/media-input';
import { pictureGroups } from '../io/tile-groups';

export async function pictureFacts({ name }: MediaInput, signal: AbortSignal): Promise<Facts> {
  const { format, width, height, channels, orientation, warnings } = await readImage(name, { signal });
  return {
    file: name,
    kind: 'picture',
    format,
    bytes: (await stat(name)).size,
    width,
    height,
    channels,
    orientation,
    ...(warnings.length > 0 && { warnings }),
  };
}

/** Of the first picture: all its tiles, where it was cut. */
export function pictureRate(items: readonly Tokens[]): Facts {
  const [picture = []] = pictureGroups(items);
  const source = picture[0]?.source;
  if (source?.modality !== 'image') return {};
  const bits = picture.reduce((sum, { payloadBits }) => sum + payloadBits, 0);
  return { bitsPerPixel: Number((bits / (source.width * source.height)).toFixed(4)) };
}
