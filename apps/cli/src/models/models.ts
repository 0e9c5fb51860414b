import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type EncodeOnlyTokenizer,
  findSnapshot,
  type PresetSource,
  type Registry,
  resolvePackageFile,
  type TokenizerInfo,
} from '@tesserae/core';
import { urlCachePath } from '@tesserae/core/hub';
import { type CommandContext, textOption, UsageError } from '../command';
import { modalities } from '../modality/modalities';
import { byteSize, table } from '../output/table';

interface ModelRow {
  readonly name: string;
  readonly system: string;
  readonly parameters: number | null;
  readonly tokens: string;
  readonly bitsPerToken: number;
  readonly file: string;
  readonly license: string;
  readonly use: string;
  /** Weights to download; 0 for bundled ones, null where the size is not published: about 4 bytes a parameter. */
  readonly downloadBytes: number | null;
  /** Weights on this disk; null where they are not here. */
  readonly diskBytes: number | null;
  /** float32 weights in memory. */
  readonly memoryBytes: number | null;
  /** Those that encoding, and decoding, needs. */
  readonly encodeBytes: number | null;
  readonly decodeBytes: number | null;
  readonly here: string;
}

export async function models(context: CommandContext): Promise<number> {
  const filter = textOption(context, 'model') ?? '';
  const rows = (await listModels()).filter(({ name }) => name.includes(filter));
  if (rows.length === 0) throw new UsageError(`--model: no preset contains ${filter}.`);
  context.output.line(
    table(rows, [
      { title: 'preset', value: ({ name }) => name },
      { title: 'system', value: ({ system }) => system },
      {
        title: 'parameters',
        align: 'right',
        value: ({ parameters }) => (parameters === null ? '?' : `${(parameters / 1e6).toFixed(1)} M`),
      },
      { title: 'tokens', align: 'right', value: ({ tokens }) => tokens },
      { title: 'bits', align: 'right', value: ({ bitsPerToken }) => String(Number(bitsPerToken.toFixed(2))) },
      { title: 'download', align: 'right', value: downloadSize },
      { title: 'encode', align: 'right', value: ({ encodeBytes }) => sizeOrUnknown(encodeBytes) },
      { title: 'decode', align: 'right', value: ({ decodeBytes }) => sizeOrUnknown(decodeBytes) },
      { title: 'license', value: ({ license, use }) => (use === 'any' ? license : `${license} (${use})`) },
      {
        title: 'here',
        value: ({ here, diskBytes }) => (diskBytes === null ? here : `${here}, ${byteSize(diskBytes)}`),
      },
      { title: 'file', value: ({ file }) => file },
    ]),
  );
  context.output.line('encode, decode: memory that the weights of each take');
  context.output.result(rows);
  return 0;
}

async function listModels(): Promise<readonly ModelRow[]> {
  const rows: ModelRow[] = [];
  for (const modality of modalities) rows.push(...(await rowsOf(await modality.registry())));
  return rows;
}

async function rowsOf(registry: Registry<EncodeOnlyTokenizer<never>>): Promise<readonly ModelRow[]> {
  const listed = await registry.list();
  const systems = await registry.systems();
  const rows: ModelRow[] = [];
  for (const { name, system: id, license, parameters, bytes, memoryBytes, source } of listed) {
    const system = systems.find((candidate) => candidate.id === id)!;
    // Random weights are lazy: nothing is made but the description.
    const tokenizer = await system.fromConfig(system.presets[name]!.config, { engine: 'cpu' });
    rows.push({
      name,
      system: id,
      parameters: parameters ?? null,
      tokens: tokenCount(tokenizer.info),
      bitsPerToken: tokenizer.info.bitsPerToken,
      file: source.repository === undefined ? source.file : `${source.repository}/${source.file}`,
      license: license.name,
      use: license.use,
      downloadBytes: source.bundled ? 0 : (bytes ?? null),
      memoryBytes: parameters === undefined ? null : 4 * parameters,
      encodeBytes: memoryBytes?.['encode'] ?? null,
      decodeBytes: memoryBytes?.['decode'] ?? null,
      ...(await whereIs(registry.modality, source)),
    });
    await tokenizer.dispose();
  }
  return rows;
}

/** `32`, or `1 per 8x8` for models of any size, `75/s x 32` for sound. */
function tokenCount({ levels, signal }: TokenizerInfo): string {
  const rate = signal['tokensPerSecond'];
  if (typeof rate === 'number') {
    return `${Number(rate.toFixed(2))}/s${levels.length > 1 ? ` x ${levels.length}` : ''}`;
  }
  const multiple = signal['multiple'];
  if (typeof multiple === 'number') return `1 per ${multiple}x${multiple}`;
  return String(
    levels.reduce(
      (sum, { shape, axes }) =>
        sum +
        shape.reduce<number>(
          (product, length, axis) => (axes[axis] === 'feature' ? product : product * Number(length)),
          1,
        ),
      0,
    ),
  );
}

const sizeOrUnknown = (bytes: number | null): string => (bytes === null ? '?' : byteSize(bytes));

function downloadSize({ downloadBytes, memoryBytes }: ModelRow): string {
  if (downloadBytes === 0) return 'none';
  return downloadBytes === null && memoryBytes !== null ? `~${byteSize(memoryBytes)}` : sizeOrUnknown(downloadBytes);
}

async function whereIs(
  modality: string,
  { bundled, repository, revision, file, url }: PresetSource,
): Promise<Pick<ModelRow, 'here' | 'diskBytes'>> {
  if (bundled) {
    const path = resolvePackageFile(`@tesserae/${modality}/starter/${file}`, import.meta.url);
    return { here: 'in the package', diskBytes: sizeOf(path) };
  }
  const snapshot =
    repository === undefined
      ? undefined
      : await findSnapshot({ repository, ...(revision !== undefined && { revision }) });
  const cached = url === undefined ? undefined : urlCachePath({ url: new URL(url), file });
  const diskBytes = sizeOf(snapshot === undefined ? cached : join(snapshot, file));
  return { here: diskBytes === null ? 'no' : 'cached', diskBytes };
}

function sizeOf(path: string | undefined): number | null {
  return (path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })?.size) ?? null;
}
