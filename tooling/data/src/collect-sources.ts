import { createHash } from 'node:crypto';
import type { UsedFile } from './credits';
import { type HeldOutReason, heldOutReason, type SampleSource } from './held-out';
import { mayTrainOn } from './licence-tier';
import { type FetchedPackage, fetchPackage, type PackageName } from './packages';
import type { SourceFile } from './source-file';

/** A package with the rule that picks its files. */
export interface SourceRule<Kind extends string> extends PackageName {
  readonly files: (source: FetchedPackage) => readonly SourceFile<Kind>[];
}

/** The files of all packages that could be had. */
export interface Sources<Kind extends string> {
  readonly packages: readonly FetchedPackage[];
  /** May be trained on: licence of tier A or B, not held out, each content once. */
  readonly training: readonly UsedFile<Kind>[];
  /** Kept for evaluation, with the reason. */
  readonly heldOut: readonly (UsedFile<Kind> & { readonly reason: HeldOutReason })[];
}

/** Fetches packages and picks the files that may be trained on, or are for evaluation only. */
export function collectFiles<Kind extends string>(
  rules: readonly SourceRule<Kind>[],
  workFolder: string,
  report: (message: string) => void,
): { readonly packages: readonly FetchedPackage[]; readonly found: readonly SourceFile<Kind>[] } {
  const packages: FetchedPackage[] = [];
  const found: SourceFile<Kind>[] = [];
  for (const { files: pick, ...wanted } of rules) {
    const fetched = fetchPackage(wanted, workFolder, report);
    if (!fetched) continue;
    packages.push(fetched);
    const files = pick(fetched);
    const allowed = files.filter(({ licence, evaluationOnly }) => evaluationOnly || mayTrainOn(licence));
    report(`${fetched.name} ${fetched.version}: ${files.length} files, ${allowed.length} of use`);
    found.push(...allowed);
  }
  return { packages, found };
}

/**
 * Divides files into those to train on and those held out; of equal contents the first counts.
 *
 * @param samples - Originals that are never trained on.
 */
export function divideFiles<Kind extends string>(
  found: readonly SourceFile<Kind>[],
  samples: readonly SampleSource[],
): Omit<Sources<Kind>, 'packages'> {
  const seen = new Set<string>();
  const training: UsedFile<Kind>[] = [];
  const heldOut: (UsedFile<Kind> & { readonly reason: HeldOutReason })[] = [];
  for (const file of found) {
    const sha256 = createHash('sha256').update(file.bytes()).digest('hex');
    if (seen.has(sha256)) continue;
    seen.add(sha256);
    const reason = file.evaluationOnly ? 'evaluation-only' : heldOutReason(file.name ?? file.path, sha256, samples);
    if (reason === undefined) training.push({ ...file, sha256 });
    else heldOut.push({ ...file, sha256, reason });
  }
  return { training, heldOut };
}
