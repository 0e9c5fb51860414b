import { platform } from '#platform';
import { EngineError } from '../errors/engine-error';
import type { Engine, EngineName, EngineReport } from './engine';

const order: Readonly<Record<'node' | 'web', readonly EngineName[]>> = {
  node: ['tfjs-node-gpu', 'onnx', 'tfjs-node', 'onnx-web', 'wasm', 'cpu'],
  web: ['onnx-web', 'webgpu', 'wasm', 'cpu'],
};

const engineNames: readonly EngineName[] = ['tfjs-node-gpu', 'onnx', 'tfjs-node', 'onnx-web', 'webgpu', 'wasm', 'cpu'];

export function isEngineName(name: string): name is EngineName {
  return (engineNames as readonly string[]).includes(name);
}

/** A report on every engine, fastest first. Probing loads what is installed: allow half a second. */
export async function describeEngines(): Promise<readonly EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const name of order[platform.name]) {
    const found = await tryEngine(name);
    reports.push(isEngine(found) ? found.report : found);
    if (isEngine(found)) await found.dispose();
  }
  return reports;
}

/**
 * Starts an engine. It is the caller's to dispose.
 *
 * @param wanted - `auto` (default): the fastest that works here; `TESSERAE_ENGINE` overrides it.
 * @throws {EngineError} `unavailable`, with the reason.
 */
export async function selectEngine(wanted: EngineName | 'auto' = 'auto'): Promise<Engine> {
  const name = wanted === 'auto' ? (platform.environmentVariable('TESSERAE_ENGINE') ?? 'auto') : wanted;
  if (name !== 'auto') {
    if (!isEngineName(name)) {
      throw new EngineError('unavailable', name, 'select', `expected auto or one of ${engineNames.join(', ')}.`);
    }
    const found = await tryEngine(name);
    if (isEngine(found)) return found;
    throw new EngineError('unavailable', name, 'select', `${found.reason ?? 'unavailable'}.`);
  }
  const refused: string[] = [];
  for (const candidate of order[platform.name]) {
    const found = await tryEngine(candidate);
    if (isEngine(found)) {
      if (platform.name === 'node' && (candidate === 'onnx-web' || candidate === 'wasm' || candidate === 'cpu'))
        hint(candidate);
      return found;
    }
    refused.push(`${candidate}: ${found.reason ?? 'unavailable'}`);
  }
  throw new EngineError('unavailable', 'auto', 'select', `no engine works here (${refused.join('; ')}).`);
}

let hinted = false;

/** Said once: the fast engine is one install away. */
function hint(chosen: EngineName): void {
  if (hinted) return;
  hinted = true;
  // oxlint-disable-next-line no-console -- the one hint that architecture 2.4 asks for
  console.warn(
    `tesserae: running on ${chosen}; for 4 to 12 times the speed: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0`,
  );
}

/** A started engine, or a report that says why there is none. What runs an engine is loaded when it is asked for. */
async function tryEngine(name: EngineName): Promise<Engine | EngineReport> {
  if (name === 'onnx' || name === 'onnx-web') {
    const { tryOnnxEngine } = await import('./onnx/onnx-engine');
    return tryOnnxEngine(name === 'onnx' ? 'node' : 'web');
  }
  const { probeEager } = await import('./eager/probe');
  const report = await probeEager(name);
  if (!report.available) return report;
  const { createEagerEngine } = await import('./eager/eager-engine');
  return createEagerEngine(report);
}

const isEngine = (found: Engine | EngineReport): found is Engine => 'load' in found;
