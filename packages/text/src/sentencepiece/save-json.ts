import { base64Encode } from '../bytes/base64';
import { cannotSave } from '../tokenizer/cannot-save';
import { pieceType, type SentencePiece, type SentencePieceFile } from './model-proto';

/**
 * A SentencePiece model as tokenizer.json. Ids are the same but for what the two libraries do differently by their own
 * rules: character maps go by grapheme clusters there, scores are summed in double precision, and text that looks like a
 * control symbol is one. Unknown text is decoded as the unknown token.
 *
 * @param name - Of the model, for errors.
 * @throws {UnsupportedError} A kind of model, piece or white space that a tokenizer.json does not have.
 */
export function sentencePieceJson(
  { pieces, trainer, normalizer, denormalizer }: SentencePieceFile,
  name: string,
): object {
  const refuse = (reason: string) => cannotSave(name, 'tokenizer.json', reason);
  const { modelType, byteFallback, unknownId } = trainer;
  if (modelType !== 'unigram' && modelType !== 'bpe') throw refuse(`it is a model of kind "${modelType}"`);
  if (trainer.treatWhitespaceAsSuffix) throw refuse('its white space ends words');
  if (!normalizer.escapeWhitespaces) throw refuse('its white space is not escaped');
  if (denormalizer && denormalizer.charsmap.length > 0) throw refuse('it changes decoded text');
  for (const [kind, reason] of [
    [pieceType.userDefined, 'user-defined symbols'],
    [pieceType.unused, 'unused pieces'],
  ] as const) {
    if (pieces.some(({ type }) => type === kind)) throw refuse(`it has ${reason}`);
  }
  const unknown = pieces[unknownId]!.piece;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: pieces.flatMap(({ piece, type }, id) =>
      type === pieceType.control || type === pieceType.unknown ? [addedToken(id, piece)] : [],
    ),
    normalizer: { type: 'Sequence', normalizers: normalizers(normalizer) },
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'Sequence', decoders: decoders(normalizer.addDummyPrefix, byteFallback) },
    model:
      modelType === 'unigram'
        ? {
            type: 'Unigram',
            unk_id: unknownId,
            vocab: pieces.map(({ piece, score }) => [piece, score]),
            byte_fallback: byteFallback,
          }
        : {
            type: 'BPE',
            dropout: null,
            unk_token: unknown,
            fuse_unk: true,
            byte_fallback: byteFallback,
            vocab: Object.fromEntries(pieces.map(({ piece }, id) => [piece, id])),
            merges: mergesOf(pieces),
          },
  };
}

const addedToken = (id: number, content: string): object => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

/** What takes white space off the ends of a text, and makes runs of it one, as `remove_extra_whitespaces` does. */
export const trimming = '\\A +|[ ▁]+\\z';
export const collapsing = ' {2,}';

function normalizers({ charsmap, removeExtraWhitespaces, addDummyPrefix }: SentencePieceFile['normalizer']): object[] {
  const replaced = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
  return [
    ...(charsmap.length > 0 ? [{ type: 'Precompiled', precompiled_charsmap: base64Encode(charsmap) }] : []),
    ...(removeExtraWhitespaces ? [replaced({ Regex: trimming }, ''), replaced({ Regex: collapsing }, ' ')] : []),
    ...(addDummyPrefix ? [{ type: 'Prepend', prepend: '▁' }] : []),
    replaced({ String: ' ' }, '▁'),
  ];
}

const decoders = (addDummyPrefix: boolean, byteFallback: boolean): object[] => [
  { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
  ...(byteFallback ? [{ type: 'ByteFallback' }] : []),
  { type: 'Fuse' },
  ...(addDummyPrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
];

/** Every way to make a piece of two others, those of higher scores first. */
function mergesOf(pieces: readonly SentencePiece[]): (readonly [string, string])[] {
  const usable = new Set(pieces.flatMap(({ piece, type }) => (type === pieceType.normal ? [piece] : [])));
  const made = pieces
    .filter(({ type }) => type === pieceType.normal)
    .flatMap(({ piece, score }, order) => {
      const characters = [...piece];
      return characters.slice(1).flatMap((_, index) => {
        const [left, right] = [characters.slice(0, index + 1).join(''), characters.slice(index + 1).join('')];
        return usable.has(left) && usable.has(right) ? [{ pair: [left, right] as const, score, order }] : [];
      });
    });
  return made.toSorted((a, b) => b.score - a.score || a.order - b.order).map(({ pair }) => pair);
}
