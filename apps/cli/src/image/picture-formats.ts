import type { WriteFormat } from '@tesserae/image';

/** What `--format` takes for pictures. */
export const pictureFormats: readonly WriteFormat[] = ['png', 'jpeg', 'webp', 'avif', 'tiff', 'gif'];

/** By the ending of a file name. */
export function pictureFormatOf(path: string | undefined): WriteFormat | undefined {
  const found = /\.([a-z]+)$/i.exec(path ?? '')?.[1]?.toLowerCase();
  const format = found === 'jpg' ? 'jpeg' : found === 'tif' ? 'tiff' : found;
  return pictureFormats.find((known) => known === format);
}
