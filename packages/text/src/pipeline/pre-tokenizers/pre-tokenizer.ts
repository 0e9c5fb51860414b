import type { AlignedText } from '../aligned-text';

/** Cuts a text into words; it may change them too. Empty words are left out by the caller. */
export type PreTokenizer = (text: AlignedText) => readonly AlignedText[];
