import {
  expected,
  field,
  isAbsent,
  type JsonPlace,
  readBoolean,
  readCharacter,
  readChoice,
  readCount,
  readList,
  readString,
} from '../json-reader';
import { readPattern } from '../pattern';
import { prependSchemes } from '../pre-tokenizers/metaspace';
import { byteFallbackDecoder, byteLevelDecoder } from './byte-level';
import { type Decoder, sequenceDecoder } from './decoder';
import {
  bpeDecoder,
  ctcDecoder,
  fuseDecoder,
  metaspaceDecoder,
  replaceDecoder,
  stripDecoder,
  wordPieceDecoder,
} from './text-decoders';

/** Decoders by the `type` of the file. */
const decoders: Readonly<Record<string, (place: JsonPlace) => Decoder>> = {
  ByteLevel: () => byteLevelDecoder,
  WordPiece: (place) =>
    wordPieceDecoder(readString(field(place, 'prefix'), '##'), readBoolean(field(place, 'cleanup'), true)),
  Metaspace: readMetaspace,
  BPEDecoder: (place) => bpeDecoder(readString(field(place, 'suffix'), '</w>')),
  CTC: (place) =>
    ctcDecoder(
      readString(field(place, 'pad_token'), '<pad>'),
      readString(field(place, 'word_delimiter_token'), '|'),
      readBoolean(field(place, 'cleanup'), true),
    ),
  ByteFallback: () => byteFallbackDecoder,
  Fuse: () => fuseDecoder,
  Strip: (place) =>
    stripDecoder(
      readCharacter(field(place, 'content')),
      readCount(field(place, 'start')),
      readCount(field(place, 'stop')),
    ),
  Replace: (place) => replaceDecoder(readPattern(field(place, 'pattern')), readString(field(place, 'content'))),
  Sequence: (place) => sequenceDecoder(readList(field(place, 'decoders')).map(readDecoder)),
};

/**
 * @throws {ConfigError} An unknown type, or a field that is missing or wrong.
 */
export function readDecoder(place: JsonPlace): Decoder {
  const type = field(place, 'type');
  const name = readString(type);
  const read = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (!read) throw expected(type, `one of ${Object.keys(decoders).join(', ')}`);
  return read(place);
}

function readMetaspace(place: JsonPlace): Decoder {
  const addPrefixSpace = field(place, 'add_prefix_space');
  const isOff = !isAbsent(addPrefixSpace) && !readBoolean(addPrefixSpace);
  return metaspaceDecoder(
    readCharacter(field(place, 'replacement'), '▁'),
    readChoice(field(place, 'prepend_scheme'), prependSchemes, isOff ? 'never' : 'always'),
  );
}
