import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { caseId, type CaseLocation, findCases, parityModalities, readCaseFacts } from '@tesserae/core/test';
import { isWanted, type ParityArguments, UsageError } from './arguments';
import { repository } from './repository';

export interface SelectedCases {
  readonly cases: readonly CaseLocation[];
  /** Cases at published size that only `--full` runs. */
  readonly leftOut: number;
}

/**
 * The cases that the command line asks for.
 *
 * @param base - What a relative folder counts from.
 * @throws {UsageError} When there is no such folder, or no such case.
 */
export function selectCases({ folder, modality, only, full }: ParityArguments, base: string): SelectedCases {
  const found = folder === undefined ? committedCases() : casesBelow(resolve(base, folder), modality);
  const wanted = found.filter((location) => isWanted(idOf(location), only));
  if (wanted.length === 0) {
    const where = folder ?? 'packages/*/test/fixtures';
    throw new UsageError(
      found.length === 0 ? `no case.json below ${where}` : `no case below ${where} is one of --only ${only.join(',')}`,
    );
  }
  const cases = wanted.filter((location) => full || !isPublishedSize(location));
  return { cases, leftOut: wanted.length - cases.length };
}

function committedCases(): readonly CaseLocation[] {
  return parityModalities.flatMap((name) => {
    const fixtures = `${repository}packages/${name}/test/fixtures`;
    return existsSync(fixtures) ? findCases(fixtures, name) : [];
  });
}

function casesBelow(path: string, modality: ParityArguments['modality']): readonly CaseLocation[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`no folder ${path}`);
  return findCases(path, modality);
}

/** A case that cannot be read stays in: running it says why. */
function isPublishedSize(location: CaseLocation): boolean {
  try {
    return readCaseFacts(location).published;
  } catch {
    return false;
  }
}

function idOf(location: CaseLocation): string {
  try {
    const { key, name } = readCaseFacts(location);
    return `${key}/${name}`;
  } catch {
    return caseId(location);
  }
}
