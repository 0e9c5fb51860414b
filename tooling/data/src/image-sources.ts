import { createHash } from 'node:crypto';
import type { UsedFile } from './credits';
import { type HeldOutReason, heldOutReason } from './held-out';
import { mayTrainOn } from './licence-tier';
import { type FetchedPackage, fetchPackage, type PackageName } from './packages';
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
import type { SourceFile } from './source-file';

interface Rule extends PackageName {
  readonly pictures: (source: FetchedPackage) => readonly SourceFile[];
}

/** Every package of the recipe with the rule that picks its pictures; about 1.4 GB to download. */
const rules: readonly Rule[] = [
  { kind: 'deb', name: 'lomiri-wallpapers-16.04', pictures: lomiriPictures },
  { kind: 'deb', name: 'lomiri-wallpapers-20.04', pictures: lomiriPictures },
  { kind: 'deb', name: 'gcompris-qt-data', pictures: gcomprisPictures },
  { kind: 'deb', name: 'forensics-samples-files', pictures: forensicsPictures },
  { kind: 'deb', name: 'libjxl-testdata', pictures: jpegXlPictures },
  { kind: 'deb', name: 'python3-skimage', pictures: scikitImagePictures },
  { kind: 'deb', name: 'python3-sklearn', pictures: scikitLearnPictures },
  { kind: 'deb', name: 'sweethome3d-furniture', pictures: sweetHomeTextures },
  { kind: 'deb', name: 'megaglest-data', pictures: megaGlestTextures },
  { kind: 'deb', name: 'supertuxkart-data', pictures: superTuxKartTextures },
  { kind: 'deb', name: 'plasma-workspace-wallpapers', pictures: plasmaPaintings },
  { kind: 'deb', name: 'ukui-wallpapers', pictures: ukuiPaintings },
  { kind: 'deb', name: 'openclipart-png', pictures: clipArt },
  { kind: 'npm', name: '@lobehub/fluent-emoji-3d', version: '1.1.0', pictures: fluentEmoji },
];

/** The pictures of all packages that could be had. */
export interface ImageSources {
  readonly packages: readonly FetchedPackage[];
  /** May be trained on: licence of tier A or B, not held out, each content once. */
  readonly training: readonly UsedFile[];
  /** Photographs that are kept for evaluation, with the reason. */
  readonly heldOut: readonly (UsedFile & { readonly reason: HeldOutReason })[];
}

/**
 * Fetches the packages and sorts their pictures into training and evaluation.
 *
 * @param workFolder - Where archives and contents are kept.
 * @param report - Told of progress and of what is missing.
 */
export function collectImageSources(workFolder: string, report: (message: string) => void): ImageSources {
  const packages: FetchedPackage[] = [];
  const found: SourceFile[] = [];
  for (const { pictures, ...wanted } of rules) {
    const fetched = fetchPackage(wanted, workFolder, report);
    if (!fetched) continue;
    packages.push(fetched);
    const files = pictures(fetched);
    const allowed = files.filter(({ licence }) => mayTrainOn(licence));
    report(`${fetched.name} ${fetched.version}: ${files.length} pictures, ${allowed.length} under free terms`);
    found.push(...allowed);
  }
  return { packages, ...divide(found) };
}

/** Divides pictures into those to train on and the held-out photographs; of equal contents the first counts. */
export function divide(found: readonly SourceFile[]): Omit<ImageSources, 'packages'> {
  const seen = new Set<string>();
  const training: UsedFile[] = [];
  const heldOut: (UsedFile & { readonly reason: HeldOutReason })[] = [];
  for (const file of found) {
    const sha256 = createHash('sha256').update(file.bytes()).digest('hex');
    if (seen.has(sha256)) continue;
    seen.add(sha256);
    const reason = file.evaluationOnly ? 'evaluation-only' : heldOutReason(file.path, sha256);
    if (reason === undefined) training.push({ ...file, sha256 });
    else if (file.set === 'photos') heldOut.push({ ...file, sha256, reason });
  }
  return { training, heldOut };
}
