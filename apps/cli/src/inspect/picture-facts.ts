import { readImage } from '@tesserae/image';
import type { Facts } from './facts';

export async function pictureFacts(path: string, bytes: number, signal: AbortSignal): Promise<Facts> {
  const { format, width, height, channels, orientation, warnings } = await readImage(path, { signal });
  return {
    file: path,
    kind: 'picture',
    format,
    bytes,
    width,
    height,
    channels,
    orientation,
    ...(warnings.length > 0 && { warnings }),
  };
}
