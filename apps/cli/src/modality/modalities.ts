import { audioModality } from '../audio/audio-modality';
import { type CommandContext, UsageError } from '../command';
import { imageModality } from '../image/image-modality';
import type { Modality, ModalityName } from './modality';

/** Every kind of signal that `encode` and its like take. */
export const modalities: readonly Modality[] = [imageModality, audioModality];

/** `pictures or sounds`. */
export const mediaNames = modalities.map(({ nouns }) => nouns).join(' or ');

/** Endings of their files. */
export const mediaEndings = modalities.flatMap(({ endings }) => endings);

/** What `--format` of `decode` takes. */
export const mediaFormats = modalities.flatMap(({ formats }) => formats);

export function modalityNamed(name: ModalityName): Modality {
  return modalities.find((modality) => modality.name === name)!;
}

/** The kind of signal that a preset is for; undefined for a path and for no preset. */
export async function modalityOfPreset(name: string): Promise<Modality | undefined> {
  for (const modality of modalities) {
    const presets = await (await modality.registry()).list();
    if (presets.some((preset) => preset.name === name)) return modality;
  }
  return undefined;
}

/**
 * Refuses options that only other kinds of signals have.
 *
 * @throws {UsageError}
 */
export function refuseForeignOptions(
  { options }: CommandContext,
  used: readonly Modality[],
  table: 'encodeOptions' | 'decodeOptions',
): void {
  const known = new Set(used.flatMap((modality) => Object.keys(modality[table])));
  for (const owner of modalities) {
    const foreign = Object.keys(owner[table]).find((name) => options[name] !== undefined && !known.has(name));
    if (foreign !== undefined)
      throw new UsageError(
        `--${foreign} is for ${owner.nouns}, not for ${used.map(({ nouns }) => nouns).join(' and ')}.`,
      );
  }
}
