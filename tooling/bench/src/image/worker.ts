import { writeFileSync } from 'node:fs';
import { selectEngine, type Engine, type Executable, type HostTensor, type Model } from '@tesserae/core';
import type { TitokConfig } from '../../../../packages/image/src/titok/config';
import type { Direction } from '../direction';
import { type Answer, measured, serveRequests } from '../worker-loop';
import { loadProducts, productInput } from './gemm';
import { modelInput } from './inputs';
import { benchmarkModel, internalsOf } from './models';
import type { Request } from './protocol';

interface State {
  readonly engine: Engine;
  readonly model: Model<TitokConfig>;
  readonly threads: number;
}

let state: State | undefined;
let products: Executable | undefined;
const inputs = new Map<string, HostTensor>();
const outputs = new Map<Direction, HostTensor>();

function opened(): State {
  if (!state) throw new Error('no model is open');
  return state;
}

function inputOf(direction: Direction, batch: number): HostTensor {
  const key = `${direction}${batch}`;
  const input = inputs.get(key) ?? modelInput(direction, opened().model.config, batch);
  inputs.set(key, input);
  return input;
}

async function answer(request: Request): Promise<Answer> {
  switch (request.kind) {
    case 'open': {
      const { threads, prepack } = request;
      const chosen = benchmarkModel(request.model);
      const engine = await selectEngine(request.engine);
      const model = await internalsOf(chosen).openModel(request.file, {
        engine,
        parsedConfig: chosen.config,
        engineOptions: { threads, prepack },
      });
      state = { engine, model, threads };
      return { ...(engine.report.device !== undefined && { device: engine.report.device }) };
    }
    case 'run': {
      const { direction, batch, times } = request;
      const input = inputOf(direction, batch);
      const name = direction === 'encode' ? 'image' : 'ids';
      const sample = await measured(async () => {
        for (let index = 0; index < times; index += 1) {
          const result = await opened().model.run(direction, { [name]: input });
          outputs.set(direction, result[direction === 'encode' ? 'ids' : 'image']!);
        }
      });
      return { sample };
    }
    case 'save': {
      const { data } = outputs.get(request.direction)!;
      writeFileSync(request.file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return {};
    }
    case 'product': {
      products ??= await loadProducts(opened().engine, { threads: opened().threads });
      const { run } = products;
      const x = productInput(request.rows);
      return { sample: await measured(async () => void (await run({ x }))) };
    }
  }
}

serveRequests(answer);
