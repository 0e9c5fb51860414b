import { ConfigError } from '@tesserae/core/data';
import { utf8DecodeStrict, utf8Encode } from '../bytes/utf8';
import { readVarints, writeVarints } from './number-tables';

/** Well-formed strings as two sections: their lengths in UTF-16 units, and the UTF-8 of all of them. */
export const writeStrings = (strings: readonly string[]): readonly [lengths: Uint8Array, text: Uint8Array] => [
  writeVarints(strings.map(({ length }) => length)),
  utf8Encode(strings.join('')),
];

/** @throws {ConfigError} The text is no UTF-8 or has another length. */
export function readStrings(lengths: Uint8Array, text: Uint8Array, name: string): string[] {
  const all = utf8DecodeStrict(text);
  if (all === undefined) throw new ConfigError(name, 'UTF-8', 'other bytes');
  const counts = readVarints(lengths, name);
  const strings = new Array<string>(counts.length);
  let at = 0;
  for (let index = 0; index < counts.length; index += 1) strings[index] = all.slice(at, (at += counts[index]!));
  if (at !== all.length) throw new ConfigError(name, `${at} units of text`, String(all.length));
  return strings;
}
