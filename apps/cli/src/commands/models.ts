import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findSnapshot, type PresetSource, type TokenizerInfo } from '@tesserae/core';
import { imageTokenizers } from '@tesserae/image';
import { commonOptions, textOption, UsageError, type Command } from '../command';
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
  /** float32 weights in memory. */
  readonly memoryBytes: number | null;
  readonly here: string;
}

export const modelsCommand: Command = {
  name: 'models',
  summary: 'Every preset: size, tokens, file, license, whether it is here',
  operands: '',
  options: {
    model: { type: 'string', valueHint: 'text', description: 'Only presets whose name contains this' },
    ...commonOptions,
  },
  examples: ['tesserae models', 'tesserae models --model titok', 'tesserae models --json'],
  async run(context) {
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
        {
          title: 'memory',
          align: 'right',
          value: ({ memoryBytes }) => (memoryBytes === null ? '?' : byteSize(memoryBytes)),
        },
        { title: 'license', value: ({ license, use }) => (use === 'any' ? license : `${license} (${use})`) },
        { title: 'here', value: ({ here }) => here },
        { title: 'file', value: ({ file }) => file },
      ]),
    );
    context.output.result(rows);
    return 0;
  },
};

async function listModels(): Promise<readonly ModelRow[]> {
  const listed = await imageTokenizers.list();
  const systems = await imageTokenizers.systems();
  const rows: ModelRow[] = [];
  for (const { name, system: id, license, parameters, source } of listed) {
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
      memoryBytes: parameters === undefined ? null : 4 * parameters,
      here: await whereIs(source),
    });
    await tokenizer.dispose();
  }
  return rows;
}

/** `32`, or `1 per 8x8` for models of any size. */
function tokenCount({ levels, signal }: TokenizerInfo): string {
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

async function whereIs({ bundled, repository, revision, file }: PresetSource): Promise<string> {
  if (bundled) return 'in the package';
  if (repository === undefined) return 'no';
  const snapshot = await findSnapshot({ repository, ...(revision !== undefined && { revision }) });
  return snapshot !== undefined && existsSync(join(snapshot, file)) ? 'cached' : 'no';
}
