import type { WriteFormat } from '@tesserae/image';

/** What `--format` takes. */
export const pictureFormats: readonly WriteFormat[] = ['png', 'jpeg', 'webp', 'avif', 'tiff', 'gif'];
