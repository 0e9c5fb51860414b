import { type SourceFacts, UnsupportedError } from '@tesserae/core/data';
import { modalities } from './modalities';
import type { Modality } from './modality';

/** @throws {UnsupportedError} Tokens of something that has other commands. */
export function modalityOfSource({ modality }: Pick<SourceFacts, 'modality'>): Modality {
  const found = modalities.find(({ name }) => name === modality);
  if (found) return found;
  const hint = modality === 'text' ? 'tesserae text decode decodes them.' : 'there is no command for them.';
  throw new UnsupportedError(`tokens of ${modality}`, hint);
}
