import { expected, field, type JsonPlace, readBoolean, readCount, readList, readString } from '../json-reader';
import { bertProcessing, robertaProcessing } from './bert';
import type { PostProcessor } from './post-processor';
import { readTemplate } from './template';
import { type TokenText, trimming } from './trim-offsets';

/** Adds nothing. */
export const plainProcessor: PostProcessor = { addedCount: () => 0, process: (sequences) => sequences };

/** Post-processors by the `type` of the file. */
const processors: Readonly<Record<string, (place: JsonPlace, textOf: TokenText) => PostProcessor>> = {
  BertProcessing: (place) => bertProcessing(readSpecial(field(place, 'sep')), readSpecial(field(place, 'cls'))),
  RobertaProcessing(place, textOf) {
    const inner = robertaProcessing(readSpecial(field(place, 'sep')), readSpecial(field(place, 'cls')));
    return readTrimming(place, inner, textOf);
  },
  ByteLevel: (place, textOf) => readTrimming(place, plainProcessor, textOf),
  TemplateProcessing: readTemplate,
  Sequence(place, textOf) {
    const steps = readList(field(place, 'processors')).map((step) => readPostProcessor(step, textOf));
    return {
      addedCount: (isPair) => steps.reduce((sum, step) => sum + step.addedCount(isPair), 0),
      process: (sequences, add) => steps.reduce((current, step) => step.process(current, add), sequences),
    };
  },
};

/**
 * @param textOf - Text of a token, for the trimming of offsets.
 * @throws {ConfigError} An unknown type, or a field that is missing or wrong.
 */
export function readPostProcessor(place: JsonPlace, textOf: TokenText): PostProcessor {
  const type = field(place, 'type');
  const name = readString(type);
  const read = Object.hasOwn(processors, name) ? processors[name] : undefined;
  if (!read) throw expected(type, `one of ${Object.keys(processors).join(', ')}`);
  return read(place, textOf);
}

function readTrimming(place: JsonPlace, inner: PostProcessor, textOf: TokenText): PostProcessor {
  if (!readBoolean(field(place, 'trim_offsets'), true)) return inner;
  return trimming(inner, readBoolean(field(place, 'add_prefix_space'), true), textOf);
}

/** `["[SEP]", 102]`. */
function readSpecial(place: JsonPlace): number {
  const [token, id] = readList(place);
  if (!token || !id) throw expected(place, 'a token and its id');
  readString(token);
  return readCount(id);
}
