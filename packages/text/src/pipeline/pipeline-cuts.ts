import { isWhiteSpace } from '../tables/white-space';
import type { TextCuts } from '../tokenizer/text-cuts';
import type { AddedToken } from './added-tokens';

/** A component as a tokenizer.json has it; it was read without complaint before. */
interface Component {
  readonly type?: unknown;
  readonly normalizers?: readonly Component[];
  readonly pretokenizers?: readonly Component[];
  readonly strip_left?: unknown;
  readonly pattern?: { readonly Regex?: unknown };
  readonly content?: unknown;
}

/** Normalizers that see a letter and white space behind it as they see each alone. */
const local = ['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'BertNormalizer', 'Precompiled', 'Nmt'];

/** Pre-tokenizers that end a word at white space and leave the white space out. */
const dropping = ['BertPreTokenizer', 'Whitespace', 'WhitespaceSplit'];

/**
 * Where ordinary text may be cut before the steps of a tokenizer.json, told from what these are. A part that begins with
 * the space before a word is treated like the space inside the text by all of the steps allowed here.
 *
 * @param hasPlan - The file is known as byte-level BPE, whose pieces end before a space.
 */
export function pipelineCuts(normalizer: unknown, preTokenizer: unknown, hasPlan: boolean): TextCuts {
  const before = steps(normalizer as Component | null | undefined, 'normalizers');
  const first = steps(preTokenizer as Component | null | undefined, 'pretokenizers')[0];
  if (!first || !before.every((step) => isLocal(step))) return 'none';
  const isDropping = dropping.includes(String(first.type));
  if (isDropping) return before.every(({ content }) => content !== '▁') ? 'white-space' : 'none';
  const keepsSpace = before.every(({ type, strip_left: left }) => type !== 'Strip' || left === false);
  if (!keepsSpace) return 'none';
  if (first.type === 'Metaspace') return (first as { split?: unknown }).split === false ? 'none' : 'spaces';
  return first.type === 'ByteLevel' && hasPlan && before.length === 0 ? 'spaces' : 'none';
}

function isLocal({ type, pattern, content }: Component): boolean {
  // Runs of spaces become one: a run is never cut.
  if (type === 'Replace') return pattern?.Regex === ' {2,}' && (content === ' ' || content === '▁');
  return type === 'Strip' || local.includes(String(type));
}

/** A component without sequences. */
function steps(component: Component | null | undefined, list: 'normalizers' | 'pretokenizers'): readonly Component[] {
  if (!component) return [];
  return component.type === 'Sequence' ? (component[list] ?? []).flatMap((part) => steps(part, list)) : [component];
}

/** True where no added token can reach over a cut before white space. */
export const keepToWords = (tokens: readonly AddedToken[]): boolean =>
  tokens.every(
    ({ content, rightStrip }) => !rightStrip && ![...content].some((one) => isWhiteSpace(one.codePointAt(0)!)),
  );

/** Cuts that hold with added tokens too, which are found in raw text. */
export function cutsAroundTokens(cuts: TextCuts, tokens: readonly AddedToken[]): TextCuts {
  if (tokens.length === 0 || cuts === 'none') return cuts;
  if (!keepToWords(tokens)) return 'none';
  return cuts === 'pieces' ? 'white-space' : cuts;
}
