import { createReadStream } from 'node:fs';
import { readTokensHeader, readTokensStream } from '@tesserae/core/data';
import { choiceOption, type CommandContext, textOption, UsageError } from '../command';
import { withFirst } from '../io/async-items';
import { eachInput } from '../io/each-input';
import { engineOption } from '../io/engine-option';
import { expandFiles } from '../io/expand-files';
import { openMedia } from '../io/media-input';
import { modelPool } from '../io/model-pool';
import { outputPath, outputPaths } from '../io/output-paths';
import { standardStream } from '../io/standard-stream';
import { mediaFormats, modalities, modalityNamed, refuseForeignOptions } from '../modality/modalities';
import type { DecodedFacts, Decoding, ItemGroup, Modality, ModelPool } from '../modality/modality';
import { modalityOfSource } from '../modality/modality-of-source';

/** Of token files in a folder. */
const endings = ['tok'];

type DecodedFile = DecodedFacts & { readonly input: string; readonly output: string };

type Decodings = ReadonlyMap<Modality, Decoding>;

export async function decode(context: CommandContext): Promise<number> {
  const { output, signal, positionals } = context;
  const format = choiceOption(context, 'format', mediaFormats);
  const decodings: Decodings = new Map(modalities.map((modality) => [modality, modality.decoding(context)] as const));
  engineOption(context);
  const inputs = await expandFiles(positionals, 'token files', endings);
  const kinds = await Promise.all(inputs.map(kindOf));
  const known = kinds.filter((kind) => kind !== undefined);
  refuseForeignOptions(context, known.length === kinds.length ? [...new Set(known)] : modalities, 'decodeOptions');
  for (const kind of known) refuseForeignFormat(kind, format);
  const endingOf = (index: number) => decodings.get(kinds[index] ?? modalityNamed('image'))!.ending;
  const paths = outputPaths(inputs, (index) => endingOf(index), textOption(context, 'out'), positionals);
  const models = modelPool(context);
  const files: DecodedFile[] = [];
  try {
    const failures = await eachInput(context, inputs, async (input, index) => {
      const media = await openMedia(input, signal);
      const items = await withFirst(readTokensStream(media.bytes()));
      const modality = modalityOfSource(items!.first.source);
      refuseForeignFormat(modality, format);
      const decoding = decodings.get(modality)!;
      let place = 0;
      for await (const group of decoding.groups(items!.all)) {
        place += 1;
        const path = group.isOnly ? paths[index]! : numbered(context, input, place, decoding.ending);
        files.push(await decodeGroup(context, models, modality, decoding, group, input, path));
      }
    });
    output.result({ files, failed: failures.length, failures });
    return failures.length > 0 ? 1 : 0;
  } finally {
    await models.dispose();
  }
}

/** @throws {UsageError} A format that only other kinds of signals have. */
function refuseForeignFormat({ formats, nouns }: Modality, format: string | undefined): void {
  if (format !== undefined && !formats.includes(format))
    throw new UsageError(`--format: expected ${formats.join(', ')} for ${nouns}, got ${format}.`);
}

/** What the tokens of a file are of; undefined for standard input, and for what is no sound token file. */
async function kindOf(input: string): Promise<Modality | undefined> {
  if (input === standardStream) return undefined;
  const header = await readTokensHeader(createReadStream(input)).catch(() => undefined);
  return header && modalities.find(({ name }) => name === header.source['modality']);
}

/** A file with several pictures or sounds gives numbered ones, in `--out` as a folder. */
function numbered(context: CommandContext, input: string, place: number, ending: string): string {
  const path = outputPath(input, `-${place}${ending}`, textOption(context, 'out'), false);
  if (path === standardStream) throw new UsageError('standard output takes one result, the file has several.');
  return path;
}

async function decodeGroup(
  context: CommandContext,
  models: ModelPool,
  modality: Modality,
  decoding: Decoding,
  group: ItemGroup,
  input: string,
  path: string,
): Promise<DecodedFile> {
  const tokenizer = await models.decoder(modality, group.first);
  const progress = context.output.progress(input);
  try {
    const run = { signal: context.signal, onProgress: progress.onProgress };
    const facts = await decoding.write(tokenizer, group, path, run);
    const name = path === standardStream ? 'standard output' : path;
    context.output.line(`${input} -> ${name}  ${decoding.describe(facts)}, ${facts.bytes} bytes`);
    return { input, output: path, ...facts };
  } finally {
    progress.done();
  }
}
