import { resolvePackageFile } from '@tesserae/core';
import manifest from '../package.json';

/** What stands in the tokens that this package makes: `@tesserae/audio@0.3.0`. */
export const library = `${manifest.name}@${manifest.version}`;

/** Path of a starter model that ships with this package; undefined in browsers. */
export function starterFile(file: string): string | undefined {
  return resolvePackageFile(`${manifest.name}/starter/${file}`, import.meta.url);
}
