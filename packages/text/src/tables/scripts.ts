import { decodeRuns } from './decode-runs';
import { scriptNames as names, scripts16, scripts9 } from './script-data';

/** Names of the scripts, in the order of the tables; 0 is `Unknown`. */
export const scriptNames: readonly string[] = names.split(' ');

const tables = new Map<9 | 16, Uint8Array>();

/** Script of every code point in a Unicode version, as an index into {@link scriptNames}. */
export function scriptsOf(version: 9 | 16): Uint8Array {
  let table = tables.get(version);
  if (!table) {
    table = decodeRuns(scripts16);
    if (version === 9) decodeRuns(scripts9, (value) => (value === 0 ? undefined : value - 1), table);
    tables.set(version, table);
  }
  return table;
}
