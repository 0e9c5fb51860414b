import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codePoints, type CodePointValues } from './runs';

/** Reads one property of one Unicode version from the @unicode data packages below `folder`. */
export interface UnicodeData {
  /** Code points of a property value: `General_Category/Nonspacing_Mark`. Empty where the version has none. */
  codePointsOf(version: string, path: string): Promise<readonly number[]>;
  /** Names of the values of a property: of `Script` all scripts. */
  valuesOf(version: string, property: string): readonly string[];
  /** Names of characters by code point. */
  namesOf(version: string): Promise<ReadonlyMap<number, string>>;
}

export function openUnicodeData(folder: string): UnicodeData {
  const place = (version: string, path: string) => join(folder, 'node_modules', '@unicode', `unicode-${version}`, path);
  return {
    async codePointsOf(version, path) {
      const file = join(place(version, path), 'code-points.mjs');
      if (!existsSync(file)) return [];
      return ((await import(pathToFileURL(file).href)) as { readonly default: readonly number[] }).default;
    },
    valuesOf: (version, property) =>
      readdirSync(place(version, property), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .toSorted(),
    async namesOf(version) {
      const file = join(place(version, 'Names'), 'index.mjs');
      return ((await import(pathToFileURL(file).href)) as { readonly default: ReadonlyMap<number, string> }).default;
    },
  };
}

/** Values of a property as indices into `names`; code points outside all of them have 0. */
export async function propertyValues(
  data: UnicodeData,
  version: string,
  property: string,
  names: readonly string[],
): Promise<CodePointValues> {
  const values = new Uint8Array(codePoints);
  for (const [index, name] of names.entries()) {
    if (index === 0) continue;
    for (const codePoint of await data.codePointsOf(version, `${property}/${name}`)) values[codePoint] = index;
  }
  return values;
}
