import { platform } from '#platform';
import { PretrainedError } from '../errors/pretrained-error';
import { chooseWeightFile, weightNames } from '../hub/weight-names';

/**
 * Path of the weight file in a folder.
 *
 * @param preferred - A name that goes before the usual ones.
 * @throws {PretrainedError} `not-found`, `ambiguous`.
 */
export async function weightFileIn(folder: string, preferred?: string): Promise<string> {
  const files = (await platform.listFolder(folder)).filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const name = chooseWeightFile(files, folder, preferred);
  if (name !== undefined) return platform.joinPath(folder, name);
  const expected = preferred ?? weightNames.filter((usual) => !usual.endsWith('.json')).join(' or ');
  throw new PretrainedError(
    'not-found',
    folder,
    `${folder}: expected ${expected}, found ${files.slice(0, 8).join(', ') || 'no files'}.`,
  );
}
