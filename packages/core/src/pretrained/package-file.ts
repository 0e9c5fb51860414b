import { platform } from '#platform';

/**
 * Path of a file of an installed package, as the module at `from` sees it: how a package finds the starter that it
 * bundles. Undefined in browsers, where the bundler gives the URL.
 *
 * @param specifier - `@tesserae/image/starter/image-starter.safetensors`.
 * @param from - The asking module's `import.meta.url`.
 */
export function resolvePackageFile(specifier: string, from: string): string | undefined {
  return platform.resolveFile(specifier, from);
}
