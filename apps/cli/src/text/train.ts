import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@tesserae/core/data';
import type { TextTokenizer } from '@tesserae/text';
import {
  fastaWindows,
  textLinesOf,
  type TrainingProgress,
  type TrainingStage,
  trainTokenizerAsync,
  type TrainTokenizerOptions,
} from '@tesserae/text/train';
import {
  fileLines,
  folderSpillStore,
  trainTokenizerFromFiles,
  trainTokenizerFromTexts,
} from '@tesserae/text/train-node';
import { type CommandContext, countOption, textOption, UsageError } from '../command';
import { expandFiles } from '../io/expand-files';
import { writeBytes } from '../io/files';
import { standardStream } from '../io/standard-stream';
import type { Output } from '../output/output';
import { byteCount, byteSize } from '../output/table';
import { saveFormat } from './save-formats';
import { fileText } from './text-inputs';
import { trainedFormats, trainingSettings } from './training-settings';

const defaultMemory = 2 ** 31;

/** Counting threads run a built program: in a checkout that was never built this thread counts. */
const isBuilt = import.meta.url.endsWith('.js');

const stageNames: Readonly<Record<TrainingStage, string>> = {
  'count-words': 'counting words',
  'merge-runs': 'joining counts',
  'find-seeds': 'looking for pieces',
  'count-pairs': 'counting pairs',
  'replay-merges': 'repeating merges',
  merge: 'merging',
  estimate: 'estimating',
  prune: 'pruning',
};

export async function textTrain(context: CommandContext): Promise<number> {
  const { output, positionals, signal } = context;
  const path = textOption(context, 'out');
  if (path === undefined) throw new UsageError('expected --out with the name of the new file.');
  const settings = await trainingSettings(context);
  const possible = trainedFormats(settings);
  // The one that BoundlessBPE has needs no ending.
  const [only] = possible.length === 1 && textOption(context, 'as') === undefined ? possible : [];
  const format = only ?? saveFormat(context, path);
  if (!possible.includes(format))
    throw new UsageError(`${settings.algorithm} cannot be written as ${format}, but as ${possible.join(', ')}.`);
  const files = await expandFiles(positionals, 'texts');
  const started = performance.now();
  const { tokenizer, texts } = await train(context, files, settings, path);
  if (texts === 0) throw new InputError(positionals.join(', '), 'text to learn from', 'no line of it');
  const bytes = tokenizer.save(format);
  await writeBytes(path, bytes, signal);
  const { vocabularySize } = tokenizer.info;
  const seconds = (performance.now() - started) / 1000;
  output.line(
    `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${texts} lines -> ${path}  ${format}, ${vocabularySize} tokens, ${byteSize(bytes.length)}`,
  );
  output.result({
    vocabulary: tokenizer.info,
    algorithm: settings.algorithm,
    files: files.length,
    texts,
    output: path,
    format,
    bytes: bytes.length,
    seconds,
  });
  return 0;
}

interface Trained {
  readonly tokenizer: TextTokenizer;
  /** Lines, or windows of sequences. */
  readonly texts: number;
}

async function train(
  context: CommandContext,
  files: readonly string[],
  settings: TrainTokenizerOptions,
  name: string,
): Promise<Trained> {
  const threads = countOption(context, 'threads') ?? availableParallelism();
  const memory = byteCount(textOption(context, 'memory') ?? String(defaultMemory));
  if (memory === undefined || memory < 1)
    throw new UsageError(`--memory: expected a size such as 512MB, got ${textOption(context, 'memory')}.`);
  const { signal, output } = context;
  const shown: { stage?: TrainingStage; bar?: ReturnType<Output['progress']> } = {};
  let texts = 0;
  const onProgress = ({ stage, done, total }: TrainingProgress) => {
    if (stage === 'count-words') texts = done;
    const label = stageNames[stage];
    if (stage !== shown.stage) Object.assign(shown, { stage, bar: output.progress(label) });
    const event = { stage: 'train', label, completed: done, unit: 'steps' } as const;
    shown.bar?.onProgress({ ...event, ...(total !== undefined && { total }) });
  };
  const options = { ...settings, name, memory, signal, onProgress };
  try {
    const isGenome = textOption(context, 'preset') === 'genome';
    if (isBuilt && !isGenome && !files.includes(standardStream)) {
      return { tokenizer: await trainTokenizerFromFiles(files, { ...options, threads }), texts };
    }
    const lines = eachText(context, files, isGenome);
    if (isBuilt) return { tokenizer: await trainTokenizerFromTexts(lines, { ...options, threads }), texts };
    const folder = await mkdtemp(join(tmpdir(), 'tesserae-train-'));
    try {
      const spill = folderSpillStore(folder);
      return { tokenizer: await trainTokenizerAsync(lines, { ...options, spill }), texts };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } finally {
    shown.bar?.done();
  }
}

/** Lines of files and of standard input, or windows of the sequences in them. */
async function* eachText(context: CommandContext, files: readonly string[], isGenome: boolean): AsyncIterable<string> {
  for (const file of files) {
    const lines = file === standardStream ? textLinesOf(fileText(context, file)) : fileLines(file);
    if (!isGenome) {
      yield* lines;
      continue;
    }
    const sequences: string[] = [];
    for await (const line of lines) sequences.push(line);
    yield* fastaWindows(sequences);
  }
}
