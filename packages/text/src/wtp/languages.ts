import { InputError } from '@tesserae/core/data';

/** Languages of the adapters of WtP, in their order (`language_info.csv` of wtpsplit). */
export const wtpLanguages: readonly string[] = (
  'af am ar az be bg bn ca ceb cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hu hy id ig is it ja jv ' +
  'ka kk km kn ko ku ky la lt lv mg mk ml mn mr ms mt my ne nl no pa pl ps pt ro ru si sk sl sq sr sv ta te tg th tr ' +
  'uk ur uz vi xh yi yo zh zu'
).split(' ');

/** @throws {InputError} A language without an adapter, or none where one is needed. */
export function languageIndex(language: string | undefined): number {
  const index = language === undefined ? -1 : wtpLanguages.indexOf(language);
  if (index < 0) {
    throw new InputError('language', `one of ${wtpLanguages.join(', ')}`, language === undefined ? 'none' : language);
  }
  return index;
}
