export type Modality = 'text' | 'image' | 'video' | 'audio' | '3d';
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** An encoded file. A string is always a path or URL, never content; a `Buffer` is a `Uint8Array`. */
export type FileInput = string | URL | Uint8Array | Blob;
