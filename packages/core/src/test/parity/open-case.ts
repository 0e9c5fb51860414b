import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Checkpoint } from '../../checkpoint/checkpoint';
import type { Engine, HostTensor } from '../../engine/engine';
import { InputError } from '../../errors';
import type { Json } from '../../signal/signal';
import type { CaseFacts } from './case-facts';
import { readCaseTensors } from './case-tensors';
import { caseWeightsPath, checkpointFile } from './case-weights';
import { evaluateOnce } from './evaluate-once';
import type { IoTensor } from './io-tensors';
import { applyLayout } from './layout';
import type { ParityCase } from './parity-case';
import type { ReportedCase } from './report';

/** Where the engine of a run comes from; started when first needed, so that text cases need none. */
export interface EngineSource {
  get(): Promise<Engine>;
  /** An engine that has every gradient kernel. */
  forGradients(): Promise<Engine>;
}

export interface OpenCase {
  readonly test: ParityCase;
  readonly reported: ReportedCase;
  /** Disposes models and closes checkpoints of this run. */
  close(): Promise<void>;
}

/** Opens a case for one run. `engine` is the started engine where the modality needs one from the beginning. */
export function openCase(facts: CaseFacts, engines: EngineSource, engineName: ParityCase['engine']): OpenCase {
  const { location, json, key, name } = facts;
  const tensors = readCaseTensors(facts);
  const usedAsInput = new Set<string>();
  const cleanups: (() => Promise<void>)[] = [];
  const checkpoints = new Map<string, Promise<Checkpoint>>();

  const test: ParityCase = {
    key,
    name,
    config: json.config ?? {},
    calls: tensors.view.calls,
    facts: json as unknown as Readonly<Record<string, Json>>,
    expectations: tensors.expectations,
    inputs: tensors.view.inputs.map((entry) => entry.name),
    engine: engineName,
    expects: (wanted) => tensors.resolve(wanted) !== undefined,
    input(wanted, layout = 'as-is') {
      const tensor = hostTensor(tensors.input(wanted), `${key}/${name}: input ${wanted}`);
      if (tensors.view.rolesByUse) usedAsInput.add(wanted);
      return applyLayout(tensor, layout) as HostTensor;
    },
    expected(wanted, layout = 'as-is') {
      const { shape, data, dtype, subset } = tensors.expected(wanted);
      const label = `${key}/${name}: expected ${wanted}`;
      if (subset) throw new InputError(label, 'a tensor that is stored whole', `every ${subset.step}th element`);
      return applyLayout(hostTensor({ shape, data: data as IoTensor['data'], dtype }, label), layout) as HostTensor;
    },
    async json(file) {
      return JSON.parse(new TextDecoder().decode(await test.bytes(file))) as Json;
    },
    async bytes(file) {
      const path = join(location.folder, file);
      if (existsSync(path)) return new Uint8Array(await readFile(path));
      if (existsSync(`${path}.gz`)) return new Uint8Array(gunzipSync(await readFile(`${path}.gz`)));
      throw new InputError(`${key}/${name}: ${file}`, 'a file of the case', 'none', { code: 'unreadable' });
    },
    weightsPath: (file) => caseWeightsPath(facts, tensors, file),
    async checkpoint({ file, nesting = [] } = {}) {
      const path = await caseWeightsPath(facts, tensors, file);
      const place = JSON.stringify([path, nesting]);
      const opened = checkpoints.get(place) ?? openAt(checkpointFile(path), nesting);
      checkpoints.set(place, opened);
      return opened;
    },
    async weight(weightKey, options) {
      const checkpoint = await test.checkpoint(options);
      const { shape, read } = checkpoint.tensor(weightKey);
      return { shape, data: await read() };
    },
    async load(system, options = {}) {
      const { systemInternals } = await import('../../pretrained/system-internals');
      const path = await caseWeightsPath(facts, tensors, options.file);
      const model = await systemInternals(system).openModel(path, {
        ...(options.config === undefined ? {} : { parsedConfig: options.config }),
        engine: await engines.get(),
        collectTaps: true,
      });
      cleanups.push(() => model.dispose());
      return model;
    },
    async evaluate(run, inputs, options = {}) {
      const engine = options.gradients ? await engines.forGradients() : await engines.get();
      return evaluateOnce(engine, run, inputs, `${key}/${name}`);
    },
  };

  async function openAt(path: string, nesting: readonly string[]): Promise<Checkpoint> {
    const { openCheckpoint } = await import('../../checkpoint/open-checkpoint');
    const checkpoint = await openCheckpoint(path, { nesting });
    cleanups.push(() => checkpoint.close());
    return checkpoint;
  }

  return {
    test,
    reported: {
      expectations: tensors.expectations,
      expectedTensor: tensors.expected,
      resolve: tensors.resolve,
      wasInput: (wanted) => usedAsInput.has(wanted),
    },
    async close() {
      for (const cleanup of cleanups.reverse()) await cleanup();
    },
  };
}

/** float32 or int32, as models take it; a copy, so that no runner can change the case. */
function hostTensor({ shape, data, dtype }: IoTensor, label: string): HostTensor {
  if (dtype === 'float64') return { shape, data: Float32Array.from(data) };
  if (dtype !== 'int64') return { shape, data: data.slice() as HostTensor['data'] };
  const tooLarge = data.find((value) => value !== (value | 0));
  if (tooLarge !== undefined) throw new InputError(label, 'integers of 32 bits', String(tooLarge));
  return { shape, data: Int32Array.from(data) };
}
