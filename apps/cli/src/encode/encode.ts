import type { ProgressEvent } from '@tesserae/core';
import { type SourceFacts, type Tokens, writeTokensFile, writeTokensStream } from '@tesserae/core/data';
import { choiceOption, type CommandContext, flag, textOption, UsageError } from '../command';
import { allOf } from '../io/async-items';
import { eachInput } from '../io/each-input';
import { engineOption } from '../io/engine-option';
import { expandFiles } from '../io/expand-files';
import { writeBytes, writeStream } from '../io/files';
import { type MediaInput, openMedia } from '../io/media-input';
import { modelPool } from '../io/model-pool';
import { outputPaths } from '../io/output-paths';
import { standardStream } from '../io/standard-stream';
import {
  mediaEndings,
  mediaNames,
  modalities,
  modalityNamed,
  modalityOfPreset,
  refuseForeignOptions,
} from '../modality/modalities';
import type { AnyTokenizer, Encoded, Encoding, Modality, ModelPool } from '../modality/modality';
import { recognized } from '../modality/recognize';
import type { Failure } from '../output/failure';
import { tally } from './tally';

const ending = '.tok';

interface EncodedFile extends Encoded {
  readonly input: string;
  readonly output: string;
  /** Of the file; absent where several inputs share one. */
  readonly bytes?: number;
  readonly source: SourceFacts;
}

interface Settings {
  readonly encodings: ReadonlyMap<Modality, Encoding>;
  readonly entropy: 'none' | 'rans';
  /** The file that all inputs go to. */
  readonly together?: string;
  readonly stream: boolean;
  /** The model that was named. */
  readonly model?: string;
}

export async function encode(context: CommandContext): Promise<number> {
  const { output, signal, positionals } = context;
  const settings = encodeSettings(context);
  const { together, entropy } = settings;
  engineOption(context);
  const inputs = await expandFiles(positionals, mediaNames, mediaEndings);
  const kinds = await modalitiesOf(inputs, settings, signal);
  refuseForeignOptions(context, kinds, 'encodeOptions');
  const out = textOption(context, 'out');
  const paths = together === undefined ? outputPaths(inputs, ending, out, positionals) : inputs.map(() => together);
  const models = modelPool(context);
  const done: EncodedFile[] = [];
  const collected: Tokens[] = [];
  let failures: readonly Failure[] = [];
  try {
    // A model that cannot be opened is one failure, not one for each input.
    if (kinds.length === 1) await models.encoder(kinds[0]!);
    failures = await eachInput(context, inputs, async (input, index) => {
      const media = await openMedia(input, signal);
      const modality = await modalityOf(media, settings);
      const job = { context, settings, media, modality, path: paths[index]!, models };
      done.push(together === undefined ? await encodeFile(job) : await encodeInto(collected, job));
    });
    if (together !== undefined && failures.length === 0) {
      const bytes = writeTokensFile(collected, { entropy });
      await writeBytes(together, bytes, signal);
      output.line(
        `${inputs.length} ${kinds.map(({ nouns }) => nouns).join(' and ')} in ${nameOf(together)}, ${bytes.length} bytes`,
      );
    }
  } finally {
    await models.dispose();
  }
  const written = together === undefined || failures.length === 0 ? done : [];
  output.result({ ...modelFacts(models.opened()), files: written, failed: failures.length, failures });
  return failures.length > 0 ? 1 : 0;
}

function encodeSettings(context: CommandContext): Settings {
  const encodings = new Map(modalities.map((modality) => [modality, modality.encoding(context)] as const));
  const entropy = choiceOption(context, 'entropy', ['none', 'rans']) ?? 'none';
  const out = textOption(context, 'out');
  const stream = flag(context, 'stream');
  const together = flag(context, 'many-in-one') ? out : undefined;
  if (flag(context, 'many-in-one') && together === undefined)
    throw new UsageError('--many-in-one needs --out with the name of the file.');
  if (stream && (together !== undefined || entropy !== 'none'))
    throw new UsageError('--stream goes without --many-in-one and --entropy: both need all tokens.');
  const model = textOption(context, 'model');
  return {
    encodings,
    entropy,
    stream,
    ...(model !== undefined && { model }),
    ...(together !== undefined && { together }),
  };
}

/** What inputs are, as far as that is known before standard input is read. */
async function modalitiesOf(
  inputs: readonly string[],
  settings: Settings,
  signal: AbortSignal,
): Promise<readonly Modality[]> {
  const found = new Set<Modality>();
  for (const input of inputs) {
    if (input === standardStream) return modalities;
    // What cannot be read is a failure of its own, later.
    const media = await openMedia(input, signal).catch(() => undefined);
    found.add(await modalityOf(media ?? { start: new Uint8Array(0), name: input }, settings));
  }
  return [...found];
}

/** What an input is: what an option says, else its content and name, else what the model is for. */
async function modalityOf(
  { start, name }: Pick<MediaInput, 'start' | 'name'>,
  { encodings, model }: Settings,
): Promise<Modality> {
  const claiming = modalities.find((modality) => encodings.get(modality)!.claimsInput);
  const known = claiming ?? recognized(start, name);
  if (known) return known;
  return (model === undefined ? undefined : await modalityOfPreset(model)) ?? modalityNamed('image');
}

interface Job {
  readonly context: CommandContext;
  readonly settings: Settings;
  readonly media: MediaInput;
  readonly modality: Modality;
  readonly path: string;
  readonly models: ModelPool;
}

async function encodeInto(collected: Tokens[], job: Job): Promise<EncodedFile> {
  const count = tally();
  collected.push(...(await withProgress(job, (onProgress) => tokensOf(job, count, false, onProgress))));
  return report(job, count.facts());
}

async function encodeFile(job: Job): Promise<EncodedFile> {
  const { context, settings, media, modality, path } = job;
  const count = tally();
  const piped = media.path === undefined && path === standardStream;
  const encoding = settings.encodings.get(modality)!;
  const bytes = await withProgress(job, async (onProgress) => {
    const tokenizer = await job.models.encoder(modality);
    const stream = (settings.stream || (piped && settings.entropy === 'none')) && encoding.streams(tokenizer);
    if (settings.stream && !stream)
      throw new UsageError(`--stream: ${tokenizer.info.identity.variant} needs the whole ${modality.noun}.`);
    const items = () => itemsOf(job, tokenizer, count, stream, onProgress);
    if (stream) return writeStream(path, writeTokensStream(items()), context.signal);
    const file = writeTokensFile(await allOf(items()), { entropy: settings.entropy });
    await writeBytes(path, file, context.signal);
    return file.length;
  });
  return report(job, count.facts(), bytes);
}

async function tokensOf(
  job: Job,
  count: ReturnType<typeof tally>,
  stream: boolean,
  onProgress: (event: ProgressEvent) => void,
): Promise<readonly Tokens[]> {
  return allOf(itemsOf(job, await job.models.encoder(job.modality), count, stream, onProgress));
}

function itemsOf(
  { context, settings, media, modality }: Job,
  tokenizer: AnyTokenizer,
  count: ReturnType<typeof tally>,
  stream: boolean,
  onProgress: (event: ProgressEvent) => void,
): AsyncIterable<Tokens> {
  const run = { signal: context.signal, onProgress };
  return count.through(settings.encodings.get(modality)!.items(tokenizer, media, run, stream));
}

async function withProgress<T>(
  { context, media }: Job,
  body: (onProgress: (event: ProgressEvent) => void) => Promise<T>,
): Promise<T> {
  const progress = context.output.progress(media.name);
  try {
    return await body(progress.onProgress);
  } finally {
    progress.done();
  }
}

function report({ context, settings, media, modality, path }: Job, encoded: Encoded, bytes?: number): EncodedFile {
  const { tokens, payloadBits, source } = encoded;
  const encoding = settings.encodings.get(modality)!;
  const { before, behind } = encoding.describe(encoded);
  const facts = [
    `${tokens} tokens`,
    ...before,
    `${Math.ceil(payloadBits / 8)} bytes of payload`,
    ...(bytes === undefined ? [] : [`${bytes} bytes in all`]),
    ...behind,
  ];
  context.output.line(`${media.name} -> ${nameOf(path)}  ${facts.join(', ')}`);
  for (const note of encoding.notes(source)) context.output.warn(`${media.name}: ${note}`);
  return { input: media.name, output: path, ...encoded, ...(bytes !== undefined && { bytes }) };
}

/** One model as it always was; several in a list. */
function modelFacts(opened: readonly AnyTokenizer[]): object {
  const models = opened.map(({ info: { identity, engine } }) => ({ model: identity, engine }));
  return models.length > 1 ? { models } : { ...models[0] };
}

function nameOf(path: string): string {
  return path === standardStream ? 'standard output' : path;
}
