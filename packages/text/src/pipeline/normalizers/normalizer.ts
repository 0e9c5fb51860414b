import type { AlignedText } from '../aligned-text';

/** Changes a text and keeps its alignment with the original. */
export type Normalizer = (text: AlignedText) => AlignedText;
