import { fork } from 'node:child_process';
import type { EngineName, EngineReport } from '@tesserae/core';
import type { SelfTest } from './known-answer';

export interface EngineCheck {
  readonly report: EngineReport;
  /** Absent where the engine is. */
  readonly test?: SelfTest;
}

/** Engines that Node can have, fastest first. */
const nodeEngines: readonly EngineName[] = ['tfjs-node-gpu', 'onnx', 'tfjs-node', 'onnx-web', 'wasm', 'cpu'];

/**
 * Reports on every engine and tests those that are here. Each has a process of its own: native libraries write to the
 * terminal as they please, and one that crashes ends only its own check.
 */
export async function checkEngines(signal: AbortSignal): Promise<readonly EngineCheck[]> {
  return Promise.all(nodeEngines.map((name) => checkEngine(name, signal)));
}

function checkEngine(name: EngineName, signal: AbortSignal): Promise<EngineCheck> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1]!, ['self-test', '--engine', name], {
      signal,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let found: EngineCheck | undefined;
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-2000);
    });
    child.on('message', (message) => {
      found = message as EngineCheck;
    });
    child.once('error', reject);
    child.once('close', (code, ended) => resolve(found ?? crashed(name, ended ?? `exit code ${code}`, said)));
  });
}

function crashed(name: EngineName, how: string, said: string): EngineCheck {
  const last = said.trim().split('\n').at(-1);
  const reason = `its process ended with ${how}${last ? ` (${last})` : ''}`;
  return {
    report: { name, available: false, compiled: name.startsWith('onnx'), reason },
    test: { name, passed: false, detail: reason },
  };
}
