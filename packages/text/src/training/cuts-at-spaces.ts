import type { WordPipeline } from './word-splitter';

interface Component {
  readonly type?: unknown;
  readonly split?: unknown;
  readonly normalizers?: readonly Component[];
  readonly pretokenizers?: readonly Component[];
}

/** Normalizers that do the same to a text and to its parts, where each part but the first begins with a space. */
const localNormalizers: ReadonlySet<unknown> = new Set([
  'NFC',
  'NFD',
  'NFKC',
  'NFKD',
  'Lowercase',
  'StripAccents',
  'BertNormalizer',
  'Nmt',
]);

/** Pre-tokenizers that never make a word of what lies on both sides of a space. */
const spacedPreTokenizers: ReadonlySet<unknown> = new Set([
  'WhitespaceSplit',
  'Whitespace',
  'BertPreTokenizer',
  'Metaspace',
]);

/** True where a text may be cut before every space (U+0020), and gives the same words in parts. */
export function cutsAtSpaces({ normalizer, preTokenizer }: WordPipeline): boolean {
  return isLocal(normalizer as Component | null | undefined) && isSpaced(preTokenizer as Component | null | undefined);
}

function isLocal(normalizer: Component | null | undefined): boolean {
  if (!normalizer) return true;
  if (normalizer.type === 'Sequence') return normalizer.normalizers?.every(isLocal) ?? false;
  return localNormalizers.has(normalizer.type);
}

/** What follows the first step of a sequence sees only its words. */
function isSpaced(preTokenizer: Component | null | undefined): boolean {
  if (preTokenizer?.type === 'Sequence') return isSpaced(preTokenizer.pretokenizers?.[0]);
  return spacedPreTokenizers.has(preTokenizer?.type) && preTokenizer?.split !== false;
}
