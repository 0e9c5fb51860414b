import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../errors';
import type { CaseJson } from './adapters/case-json';
import type { CaseLocation } from './find-cases';

/** What is known of a case without reading its tensors. */
export interface CaseFacts {
  readonly location: CaseLocation;
  readonly json: CaseJson;
  /** `image/titok`. */
  readonly key: string;
  readonly system: string;
  readonly name: string;
  /** Published size: gigabytes and minutes. Its weights come from a formula, or `cost` says what it takes. */
  readonly published: boolean;
}

/**
 * Reads `case.json`.
 *
 * @throws {InputError} When it is no JSON object, or when no modality is known.
 */
export function readCaseFacts(location: CaseLocation): CaseFacts {
  const { folder, modality } = location;
  const path = join(folder, 'case.json');
  if (modality === undefined) {
    throw new InputError(path, 'a folder above named like a package (or --modality)', 'none');
  }
  const json = parseCase(readFileSync(path, 'utf8'), path);
  const system = typeof json.system === 'string' ? json.system : location.system;
  const name = typeof json.case === 'string' ? json.case : location.name;
  const published = json.cost !== undefined || existsSync(join(folder, 'weights.json'));
  return { location, json, key: `${modality}/${system}`, system, name, published };
}

function parseCase(text: string, path: string): CaseJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(path, 'JSON', (error as Error).message, { code: 'undecodable', cause: error });
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as CaseJson;
  throw new InputError(path, 'a JSON object', JSON.stringify(json), { code: 'undecodable' });
}

/** Every file below the case folder, relative, `/` between folders. */
export function caseFiles(folder: string): readonly string[] {
  const walk = (below: string): string[] =>
    readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? walk(path) : [path];
    });
  return walk('').sort();
}
