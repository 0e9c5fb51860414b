import { UnsupportedError } from '@tesserae/core/data';

/**
 * Loads a package that is not installed by itself.
 *
 * @throws {UnsupportedError} It is not there or does not load; the message says how to get it.
 */
export async function optionalPackage<T>(feature: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new UnsupportedError(
      feature,
      `needs the package ${name}, which is not installed or does not load: run 'npm install ${name}'.`,
      { cause },
    );
  }
}
