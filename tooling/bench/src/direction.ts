/** Signal to tokens, or tokens to signal. */
export type Direction = 'encode' | 'decode';
export const directions: readonly Direction[] = ['encode', 'decode'];
