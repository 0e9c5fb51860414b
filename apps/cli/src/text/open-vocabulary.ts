import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { InputError, nearestNames } from '@tesserae/core/data';
import { parseHubId } from '@tesserae/core/hub';
import { textTokenizer, textTokenizers, type TextTokenizer } from '@tesserae/text';
import { boundlessBpeTokenizer, readBoundlessBpe } from '@tesserae/text/train';
import { readBytes } from '../io/files';
import { hubVocabulary } from './hub-vocabulary';

export interface OpenVocabularyOptions {
  /** The published encoding that a rank file is for. Default: what its name says. */
  readonly encoding?: string | undefined;
  readonly signal: AbortSignal;
}

/** What a folder may hold, the best first. */
const usualNames = [
  'tokenizer.json',
  'tokenizer.model',
  'spiece.model',
  'sentencepiece.bpe.model',
  'vocab.json',
  'vocab.txt',
] as const;

/** What a repository of the hub may hold; `vocab.json` would need a second file. */
const hubNames = usualNames.filter((name) => name !== 'vocab.json');

/** What the model files of BoundlessBPE and PickyBPE begin with. */
const boundlessHead = 'word v1\n';

const names = (): readonly string[] => textTokenizers.list().map(({ name }) => name);

/**
 * A vocabulary by name, or a file or folder of one: `.tiktoken`, `tokenizer.json`, `.model` (of SentencePiece or
 * BoundlessBPE), the compact form, `vocab.json` with `merges.txt`, `vocab.txt`. What is none of these may be
 * `owner/name[@revision][/file]` of the hub, which is kept in the cache.
 *
 * @throws {PretrainedError} The hub has no such vocabulary, or cannot be reached.
 * @throws {InputError} Neither a name nor a file; a file of another kind; a rank file whose encoding is not known.
 * @throws {ConfigError} A damaged file.
 */
export async function openVocabulary(source: string, options: OpenVocabularyOptions): Promise<TextTokenizer> {
  if (names().includes(source)) return textTokenizers.fromPretrained(source, { signal: options.signal });
  const hub = parseHubId(source);
  const found = await stat(source).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' && hub) return undefined;
    const expected = `the name of a vocabulary (${names().join(', ')}), a file or a model of the hub (owner/name)`;
    const [near] = nearestNames(source, names(), 1);
    const got = cause.code === 'ENOENT' ? `no such file (did you mean ${near}?)` : (cause.code ?? 'an error');
    throw new InputError(source, expected, got, { code: 'unreadable', cause });
  });
  if (!found) return openFile(await hubVocabulary(source, hub!, hubNames, options), options);
  return openFile(found.isDirectory() ? await fileOfFolder(source) : source, options);
}

async function fileOfFolder(folder: string): Promise<string> {
  const entries = await readdir(folder);
  const usual = usualNames.find((name) => entries.includes(name));
  const rankFiles = entries.filter((name) => name.endsWith('.tiktoken'));
  const name = usual ?? (rankFiles.length === 1 ? rankFiles[0] : undefined);
  if (name !== undefined) return join(folder, name);
  throw new InputError(folder, `a folder with ${usualNames.join(', ')} or one .tiktoken file`, 'none of them');
}

async function openFile(path: string, { encoding, signal }: OpenVocabularyOptions): Promise<TextTokenizer> {
  const bytes = await readBytes(path, signal);
  const ending = extname(path);
  if (ending === '.tiktoken') {
    const known = encoding ?? names().find((name) => name === basename(path, ending));
    if (known !== undefined) return textTokenizer.fromTiktoken(bytes, { encoding: known, name: path });
    throw new InputError(path, `--encoding with what it is for: ${names().join(', ')}`, 'a rank file of another name');
  }
  if (ending === '.txt') return textTokenizer.fromWordPieceText(bytes, { name: path });
  const merges = join(dirname(path), 'merges.txt');
  if (basename(path) === 'vocab.json' && existsSync(merges))
    return textTokenizer.fromVocabularyAndMerges(bytes, await readBytes(merges, signal), { name: path });
  if (Buffer.from(bytes.subarray(0, boundlessHead.length)).toString() === boundlessHead)
    return boundlessBpeTokenizer(readBoundlessBpe(bytes, path), { name: path });
  return textTokenizer.fromBytes(bytes, path);
}
