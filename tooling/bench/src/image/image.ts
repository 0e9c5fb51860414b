import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEngines } from '@tesserae/core';
import { directions } from '../direction';
import { describeMachine } from '../machine';
import { findPeer, firstLine } from '../peer-process';
import { megabytes } from '../table';
import { weightFile } from '../weight-file';
import { benchmarkEngines, type BenchmarkArguments, type BenchmarkEngine } from './arguments';
import { writePicture } from './inputs';
import { measureMemory, measureStart, type ProcessOrder } from './measure-processes';
import { measureRows } from './measure-rows';
import { benchmarkModel, configJson, declaredWeights, type BenchmarkModel, type ModelName } from './models';
import { peerProgram, startPeer, type PeerForms } from './peer-client';
import type { MemoryRow, MissingRow, Peak, Results, Row, StartRow } from './results';

/** The model whose start is measured: the largest that was asked for. */
const startModels: readonly ModelName[] = ['titok-l32', 'titok-b64', 'titok-s128', 'one-d-piece-l256'];
/** Engines that take seconds a picture are measured less often. */
const slowRuns = 3;

/** Measures everything that was asked for. @param say - Told what is being done. */
export async function benchmarkImage(given: BenchmarkArguments, say: (text: string) => void): Promise<Results> {
  const machine = describeMachine();
  const threads = given.threads ?? machine.cores;
  const folder = join(tmpdir(), 'tesserae-bench');
  mkdirSync(folder, { recursive: true });
  const engines = given.engines ?? (await availableEngines());
  const found = await findPeer(peerProgram, given.python, threads);
  const rows: Row[] = [];
  const missing: MissingRow[] = [];
  const memory: MemoryRow[] = [];
  const starts: StartRow[] = [];
  const peaks: Peak[] = [];
  const forms: Partial<Record<ModelName, PeerForms>> = {};
  const startModel = startModels.find((name) => given.models.includes(name));
  for (const name of given.models) {
    const model = benchmarkModel(name);
    const file = await weightFile(declaredWeights(model), folder, (path, bytes) =>
      say(`writing ${path} (${megabytes(bytes)})`),
    );
    const modelForms = found.facts && (await fastestForms(given.python, threads, model));
    if (modelForms) forms[name] = modelForms;
    const peer = modelForms && { python: given.python, forms: modelForms };
    for (const direction of directions) {
      for (const engine of engines) {
        say(`${name} ${direction} on ${engine}`);
        const fast = engine === 'onnx' || engine === 'tfjs-node-gpu';
        const runs = fast ? given.runs : Math.min(given.runs, slowRuns);
        try {
          const { batches } = given;
          const order = { model, direction, engine, batches, runs, threads, file, folder };
          const measured = await measureRows({ ...order, ...(peer && { peer }) });
          rows.push(...measured.rows);
          if (measured.peak) peaks.push(measured.peak);
        } catch (error) {
          missing.push({ model: name, direction, engine, reason: firstLine(error) });
        }
      }
    }
    const picture = await writePicture(folder, model.config.imageSize);
    const order: ProcessOrder = { model, file, folder, picture, threads, ...(peer && { peer }) };
    if (!engines.includes('onnx')) continue;
    say(`${name}: processes of one run`);
    memory.push(...(await measureMemory(order)));
    if (name === startModel) starts.push(...(await measureStart(order, Math.min(given.runs, slowRuns))));
  }
  return {
    machine,
    threads,
    runs: given.runs,
    ...(found.facts ? { peer: found.facts } : { peerReason: found.reason }),
    forms,
    rows,
    missing,
    memory,
    starts,
    peaks,
  };
}

async function availableEngines(): Promise<readonly BenchmarkEngine[]> {
  const reports = await describeEngines();
  return benchmarkEngines.filter((name) => reports.some((report) => report.name === name && report.available));
}

async function fastestForms(python: string, threads: number, model: BenchmarkModel): Promise<PeerForms> {
  const peer = startPeer(python, threads);
  try {
    return await peer.forms(configJson(model));
  } finally {
    await peer.close();
  }
}
