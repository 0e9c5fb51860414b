import { binaryProperties16 } from './binary-property-data';
import { decodeRuns } from './decode-runs';

const bits = { Alphabetic: 1, Uppercase: 2, Lowercase: 4 };
let table: Uint8Array | undefined;

/** Tests a derived property of Unicode 16.0. */
export function binaryProperty(name: keyof typeof bits): (codePoint: number) => boolean {
  const values = (table ??= decodeRuns(binaryProperties16));
  const bit = bits[name];
  return (codePoint) => (values[codePoint]! & bit) !== 0;
}
