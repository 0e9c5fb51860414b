import { collectFiles, divideFiles, type SourceRule, type Sources } from './collect-sources';
import { sampleSources } from './held-out';
import { clipArt, fluentEmoji } from './rules-drawings';
import {
  forensicsPictures,
  gcomprisPictures,
  jpegXlPictures,
  lomiriPictures,
  scikitImagePictures,
  scikitLearnPictures,
} from './rules-photos';
import {
  megaGlestTextures,
  plasmaPaintings,
  superTuxKartTextures,
  sweetHomeTextures,
  ukuiPaintings,
} from './rules-textures';
import type { PictureSet, SourceFile } from './source-file';

/** Every package of the recipe with the rule that picks its pictures; about 1.4 GB to download. */
const rules: readonly SourceRule<PictureSet>[] = [
  { kind: 'deb', name: 'lomiri-wallpapers-16.04', files: lomiriPictures },
  { kind: 'deb', name: 'lomiri-wallpapers-20.04', files: lomiriPictures },
  { kind: 'deb', name: 'gcompris-qt-data', files: gcomprisPictures },
  { kind: 'deb', name: 'forensics-samples-files', files: forensicsPictures },
  { kind: 'deb', name: 'libjxl-testdata', files: jpegXlPictures },
  { kind: 'deb', name: 'python3-skimage', files: scikitImagePictures },
  { kind: 'deb', name: 'python3-sklearn', files: scikitLearnPictures },
  { kind: 'deb', name: 'sweethome3d-furniture', files: sweetHomeTextures },
  { kind: 'deb', name: 'megaglest-data', files: megaGlestTextures },
  { kind: 'deb', name: 'supertuxkart-data', files: superTuxKartTextures },
  { kind: 'deb', name: 'plasma-workspace-wallpapers', files: plasmaPaintings },
  { kind: 'deb', name: 'ukui-wallpapers', files: ukuiPaintings },
  { kind: 'deb', name: 'openclipart-png', files: clipArt },
  { kind: 'npm', name: '@lobehub/fluent-emoji-3d', version: '1.1.0', files: fluentEmoji },
];

/** The pictures of all packages that could be had; of those held out only photographs, for evaluation. */
export type ImageSources = Sources<PictureSet>;

/**
 * Fetches the packages and sorts their pictures into training and evaluation.
 *
 * @param workFolder - Where archives and contents are kept.
 * @param report - Told of progress and of what is missing.
 */
export function collectImageSources(workFolder: string, report: (message: string) => void): ImageSources {
  const { packages, found } = collectFiles(rules, workFolder, report);
  return { packages, ...divide(found) };
}

/** Divides pictures into those to train on and the held-out photographs; of equal contents the first counts. */
export function divide(found: readonly SourceFile[]): Omit<ImageSources, 'packages'> {
  const { training, heldOut } = divideFiles(found, sampleSources);
  return { training, heldOut: heldOut.filter(({ set }) => set === 'photos') };
}
