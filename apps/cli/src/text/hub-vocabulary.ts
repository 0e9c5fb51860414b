import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PretrainedError } from '@tesserae/core/data';
import {
  findSnapshot,
  type HubId,
  hubCacheFolder,
  type HubOptions,
  isOffline,
  pullRepository,
} from '@tesserae/core/hub';

/**
 * Path of a vocabulary of the Hugging Face hub: in the cache that Python shares, downloaded into it where it is not there.
 *
 * @param names - Files to look for where the id names none, the best first.
 * @throws {PretrainedError} `not-found`: none of the files; `offline`, `access`, `download`.
 */
export async function hubVocabulary(
  source: string,
  { repository, revision, file }: HubId,
  names: readonly string[],
  options: Pick<HubOptions, 'signal' | 'fetch'>,
): Promise<string> {
  const wanted = file === undefined ? names : [file];
  const snapshot = await findSnapshot({ repository, revision }, hubCacheFolder());
  for (const name of snapshot === undefined ? [] : wanted) {
    const path = join(snapshot!, name);
    if (existsSync(path)) return path;
  }
  if (isOffline()) {
    throw new PretrainedError(
      'offline',
      source,
      `${source}: ${wanted.join(', ')} is not in the cache, and downloads are off.`,
    );
  }
  for (const name of wanted) {
    try {
      const { files } = await pullRepository(
        { source, repository, revision, file: name, license: { name: 'not stated', use: 'unknown' } },
        // A vocabulary is no weight file: there is no license to accept.
        { ...options, onLicense: () => undefined },
      );
      const path = files.find((one) => one.file === name)?.path;
      if (path !== undefined) return path;
    } catch (error) {
      const isMissing = PretrainedError.isInstance(error) && error.code === 'not-found';
      if (!isMissing || name === wanted.at(-1)) throw error;
    }
  }
  throw new PretrainedError('not-found', source, `${source}: ${repository} has none of ${wanted.join(', ')}.`);
}
