import { addedSequence, retypeSequence, type TokenSequence } from '../../tokenizer/token-sequence';
import { expected, field, isAbsent, type JsonPlace, readCount, readList, readObject, readString } from '../json-reader';
import type { PostProcessor } from './post-processor';

/** A text, or tokens that are added. */
type TemplatePiece =
  | { readonly sequence: number; readonly typeId: number }
  | { readonly ids: readonly number[]; readonly typeId: number };

/** Special tokens and texts in the order that a template says. */
export function templateProcessing(single: readonly TemplatePiece[], pair: readonly TemplatePiece[]): PostProcessor {
  const count = (pieces: readonly TemplatePiece[]) =>
    pieces.reduce((sum, piece) => sum + ('ids' in piece ? piece.ids.length : 0), 0);
  return {
    addedCount: (isPair) => count(isPair ? pair : single),
    process(sequences, addSpecialTokens) {
      return (sequences.length > 1 ? pair : single).flatMap((piece): readonly TokenSequence[] => {
        if ('ids' in piece) return addSpecialTokens ? [addedSequence(piece.ids, piece.typeId)] : [];
        const sequence = sequences[piece.sequence];
        return sequence ? [retypeSequence(sequence, piece.typeId, piece.sequence)] : [];
      });
    },
  };
}

export function readTemplate(place: JsonPlace): PostProcessor {
  const specials = field(place, 'special_tokens');
  const tokens = isAbsent(specials) ? {} : readObject(specials);
  const readPieces = (pieces: JsonPlace) => readList(pieces).map((piece) => readPiece(piece, specials, tokens));
  return templateProcessing(readPieces(field(place, 'single')), readPieces(field(place, 'pair')));
}

function readPiece(piece: JsonPlace, specials: JsonPlace, tokens: Readonly<Record<string, unknown>>): TemplatePiece {
  const sequence = field(piece, 'Sequence');
  if (!isAbsent(sequence)) {
    const id = readString(field(sequence, 'id'));
    if (id !== 'A' && id !== 'B') throw expected(field(sequence, 'id'), '"A" or "B"');
    return { sequence: id === 'A' ? 0 : 1, typeId: readCount(field(sequence, 'type_id')) };
  }
  const special = field(piece, 'SpecialToken');
  if (isAbsent(special)) throw expected(piece, '"Sequence" or "SpecialToken"');
  const name = field(special, 'id');
  if (!Object.hasOwn(tokens, readString(name))) throw expected(name, `one of ${Object.keys(tokens).join(' ')}`);
  const ids = readList(field(field(specials, readString(name)), 'ids')).map((id) => readCount(id));
  return { ids, typeId: readCount(field(special, 'type_id')) };
}
