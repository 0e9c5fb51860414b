import { platform } from '#platform';
import { PretrainedError } from '../errors/pretrained-error';
import type { WeightLicense } from '../tokenizer/tokenizer';

/** What is said about weights before they are downloaded. */
export interface LicenseNotice {
  /** As the user named it: `titok-l32`, `owner/name`. */
  readonly source: string;
  /** Name of the weight file. */
  readonly file: string;
  /** Bytes to download. */
  readonly bytes: number | undefined;
  readonly license: WeightLicense;
  /** Bytes in memory of each model function, where they are known before: `{ encode, decode }`. */
  readonly memory?: Readonly<Record<string, number>>;
  /** One line for people. */
  readonly text: string;
}

const uses: Readonly<Record<WeightLicense['use'], string>> = {
  any: '',
  research: ': for research only',
  'non-commercial': ': not for commercial use',
  unknown: ': what it allows is not known, read it first',
};

/** `MIT`, `CC-BY-NC-4.0: not for commercial use (https://…)`. */
export function describeLicense({ name, use, url }: WeightLicense): string {
  const named = name === 'unknown' || name === 'none' ? 'no known license' : name;
  return `${named}${uses[use]}${url === undefined ? '' : ` (${url})`}`;
}

/** Use of the license names that model cards have; `unknown` for all others. */
export function licenseOfCard(name: string | undefined): WeightLicense {
  const id = name?.trim().toLowerCase();
  if (!id || id === 'other' || id === 'unknown') return { name: 'unknown', use: 'unknown' };
  if (/(^|-)nc(-|$)|non-?commercial/.test(id)) return { name: id, use: 'non-commercial' };
  if (/research/.test(id)) return { name: id, use: 'research' };
  const free =
    /^(mit|apache-2\.0|bsd(-.*)?|isc|unlicense|wtfpl|zlib|cc0-1\.0|cc-by-\d\.\d|cc-by-sa-\d\.\d|mpl-2\.0|a?gpl(-\d.*)?|lgpl(-\d.*)?|afl-3\.0|artistic-2\.0|ecl-2\.0|ms-pl|postgresql|pddl|odc-by|cdla-permissive-[12]\.0)$/;
  return { name: id, use: free.test(id) ? 'any' : 'unknown' };
}

/**
 * Shows the license of a weight file before it is downloaded.
 *
 * @throws {PretrainedError} `license`: `onLicense` returned false.
 */
export async function announce(
  facts: Omit<LicenseNotice, 'text'>,
  onLicense: ((notice: LicenseNotice) => boolean | void | Promise<boolean | void>) | undefined,
): Promise<void> {
  const size = facts.bytes === undefined ? [] : [megabytes(facts.bytes)];
  const needs = [...size, ...(facts.memory ? [describeMemory(facts.memory)] : [])].join(', ');
  const text = `${facts.source}: downloading ${facts.file}${needs && ` (${needs})`}. License of the weights: ${describeLicense(facts.license)}.`;
  const notice = { ...facts, text };
  const accepted = onLicense ? await onLicense(notice) : platform.notify(text);
  if (accepted !== false) return;
  throw new PretrainedError(
    'license',
    facts.source,
    `${facts.source}: not downloaded: its license, ${describeLicense(facts.license)}, was not accepted.`,
  );
}

/** The halves of a model, `encode` and `decode`; of one that has neither all that there is. */
export function halves(bytes: Readonly<Record<string, number>>): readonly (readonly [name: string, bytes: number])[] {
  const all = Object.entries(bytes);
  const both = all.filter(([name]) => name === 'encode' || name === 'decode');
  return both.length === 0 ? all : both;
}

/** `335.5 MB of memory to encode, 821.0 MB to decode`. */
export function describeMemory(bytes: Readonly<Record<string, number>>): string {
  return halves(bytes)
    .map(([name, size], index) => `${megabytes(size)}${index === 0 ? ' of memory' : ''} to ${name}`)
    .join(', ');
}

/** `2.6 GB`, `13.4 MB`, `512 bytes`: decimal units. */
export function megabytes(bytes: number): string {
  if (bytes < 1e5) return `${bytes} bytes`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
