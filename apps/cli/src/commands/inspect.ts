import { stat } from 'node:fs/promises';
import { CheckpointError, openCheckpoint, readTokensFile, type Checkpoint } from '@tesserae/core';
import { imageTokenizers, readImage } from '@tesserae/image';
import { commonOptions, UsageError, type Command } from '../command';
import { readBytes } from '../io/files';
import { byteSize } from '../output/table';

const tokensMagic = 'TOK1';
const listedTensors = 8;

type Facts = Readonly<Record<string, unknown>>;

export const inspectCommand: Command = {
  name: 'inspect',
  summary: 'What a token file, a checkpoint or a picture holds',
  operands: '<file or folder>',
  options: { ...commonOptions },
  examples: ['tesserae inspect photo.tok', 'tesserae inspect model.safetensors', 'tesserae inspect photo.jpg --json'],
  async run({ positionals, output, signal }) {
    const [path] = positionals;
    if (path === undefined || positionals.length > 1) throw new UsageError('expected one file or folder.');
    const facts = await inspect(path, signal);
    for (const [key, value] of Object.entries(facts)) {
      for (const [index, text] of lines(value).entries()) output.line(`${(index === 0 ? key : '').padEnd(12)} ${text}`);
    }
    output.result(facts);
    return 0;
  },
};

async function inspect(path: string, signal: AbortSignal): Promise<Facts> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) {
    const bytes = found.size <= 64 * 1024 * 1024 ? await readBytes(path, signal) : undefined;
    if (bytes && new TextDecoder().decode(bytes.subarray(0, 4)) === tokensMagic) return tokensFacts(path, bytes);
    try {
      return await checkpointFacts(path, signal);
    } catch (error) {
      const isPicture = error instanceof CheckpointError && error.code === 'unsupported-format';
      if (!isPicture) throw error;
    }
    return pictureFacts(path, found.size, signal);
  }
  return checkpointFacts(path, signal);
}

function tokensFacts(path: string, bytes: Uint8Array): Facts {
  const items = readTokensFile(bytes);
  const [first] = items;
  if (!first) return { file: path, kind: 'tokens', items: 0, bytes: bytes.length };
  const coded = first.toBytes({ entropy: 'rans' }).length;
  return {
    file: path,
    kind: 'tokens',
    items: items.length,
    bytes: bytes.length,
    tokenizer: `${first.tokenizer.id}, ${first.tokenizer.variant}`,
    library: first.tokenizer.library,
    fingerprint: first.tokenizer.fingerprint,
    levels: first.levels.map(
      (level) =>
        `${level.kind} [${level.shape.join(', ')}] (${level.axes.join(', ')})${level.kind === 'index' ? `, vocabulary ${level.vocabularySize}` : ''}`,
    ),
    tokens: first.length,
    'payload bits': first.payloadBits,
    'with rans': `${coded} bytes in all`,
    source: JSON.stringify(first.source),
  };
}

async function checkpointFacts(path: string, signal: AbortSignal): Promise<Facts> {
  const inspection = await imageTokenizers.inspect(path.startsWith('.') || path.startsWith('/') ? path : `./${path}`);
  const isFile = (await stat(path)).isFile();
  const checkpoint = isFile ? await openCheckpoint(path, { signal }) : undefined;
  try {
    return {
      file: path,
      kind: 'checkpoint',
      ...(checkpoint && tensorFacts(checkpoint)),
      system: inspection.system ?? 'none that is known here',
      preset: inspection.preset ?? 'none fits exactly',
      ...(inspection.problems.length > 0 && { problems: inspection.problems.slice(0, 2 * listedTensors) }),
    };
  } finally {
    await checkpoint?.close();
  }
}

function tensorFacts(checkpoint: Checkpoint): Facts {
  const keys = checkpoint.keys();
  const elements = keys.reduce(
    (sum, key) => sum + checkpoint.shape(key).reduce((product, length) => product * length, 1),
    0,
  );
  const dtypes = new Set(keys.map((key) => dtypeOf(checkpoint, key)));
  return {
    format: checkpoint.format,
    bytes: checkpoint.files.map(({ bytes }) => byteSize(bytes)),
    tensors: keys.length,
    parameters: elements,
    dtypes: [...dtypes].join(', '),
    first: keys.slice(0, listedTensors).map((key) => `${key} [${checkpoint.shape(key).join(', ')}]`),
  };
}

function dtypeOf(checkpoint: Checkpoint, key: string): string {
  try {
    return checkpoint.dtype(key);
  } catch {
    return 'unsupported';
  }
}

async function pictureFacts(path: string, bytes: number, signal: AbortSignal): Promise<Facts> {
  const { format, width, height, channels, orientation, warnings } = await readImage(path, { signal });
  return {
    file: path,
    kind: 'picture',
    format,
    bytes,
    width,
    height,
    channels,
    orientation,
    ...(warnings.length > 0 && { warnings }),
  };
}

function lines(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
