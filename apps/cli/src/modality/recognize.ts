import { extname } from 'node:path';
import { modalities, modalityNamed } from './modalities';
import type { Modality } from './modality';

/** Where a file begins with these characters at these places it is of that kind. */
const signatures = [
  ['image', [[0, '\x89PNG']]],
  ['image', [[0, '\xff\xd8\xff']]],
  ['image', [[0, 'GIF8']]],
  ['image', [[0, 'II*\0']]],
  ['image', [[0, 'MM\0*']]],
  // prettier-ignore
  ['image', [[0, 'RIFF'], [8, 'WEBP']]],
  ['image', [[4, 'ftypavi']]],
  ['image', [[4, 'ftypmif1']]],
  ['image', [[4, 'ftyphei']]],
  ['audio', [[8, 'WAVE']]],
  ['audio', [[0, 'riff']]],
  ['audio', [[0, 'fLaC']]],
  ['audio', [[0, 'OggS']]],
  ['audio', [[0, 'ID3']]],
  ['audio', [[0, 'FORM']]],
  ['audio', [[0, '.snd']]],
  ['audio', [[0, 'caff']]],
  ['audio', [[0, '\x1aE\xdf\xa3']]],
  ['audio', [[0, '0&\xb2u']]],
  ['audio', [[4, 'ftyp']]],
] as const;

/** Of an MPEG frame: eleven bits. */
const synchronization = 0xffe0;

/** The kind of signal in a file that begins like no other file. */
export function signatureOf(start: Uint8Array): Modality | undefined {
  const text = String.fromCharCode(...start);
  const found = signatures.find(([, places]) => places.every(([at, characters]) => text.startsWith(characters, at)));
  return found && modalityNamed(found[0]);
}

/** The kind of signal in a file, by its first bytes, then by its name; undefined where neither says anything. */
export function recognized(start: Uint8Array, name: string): Modality | undefined {
  const certain = signatureOf(start);
  if (certain) return certain;
  if (start.length >= 2 && (((start[0]! << 8) | start[1]!) & synchronization) === synchronization)
    return modalityNamed('audio');
  const ending = extname(name).slice(1).toLowerCase();
  return modalities.find(({ endings }) => endings.includes(ending));
}

/** The same; pictures where nothing is said. */
export const recognize = (start: Uint8Array, name: string): Modality =>
  recognized(start, name) ?? modalityNamed('image');
