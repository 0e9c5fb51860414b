import { fileURLToPath } from 'node:url';
import type { Json } from '@tesserae/core';
import type { Direction } from '../direction';
import { startPeerProcess, type PeerFacts, type ProcessMemory } from '../peer-process';
import type { Sample } from '../worker-loop';

/** How the PyTorch program writes the same sums: what is fastest in its build. */
export interface PeerForms {
  readonly linear: 'linear' | 'conv';
  readonly layout: 'contiguous' | 'channels_last';
  readonly attention: 'sdpa' | 'matmul';
}

export interface PeerLoad {
  readonly file: string;
  readonly config: Json;
  readonly direction: Direction;
  readonly forms: PeerForms;
  /** File of raw numbers for each batch size. */
  readonly inputs: Readonly<Record<number, string>>;
}

/** How far an output is from ours. */
export interface Comparison {
  readonly count: number;
  /** Of ids. */
  readonly different?: number;
  /** Of pixels: the largest difference. */
  readonly largest?: number;
}

/** A process with the same model in PyTorch. */
export interface PeerClient {
  hello(): Promise<PeerFacts>;
  forms(config: Json): Promise<PeerForms>;
  load(load: PeerLoad): Promise<void>;
  run(batch: number, times: number): Promise<Sample>;
  /** The last output against a file of ours. */
  compare(direction: Direction, file: string): Promise<Comparison>;
  memory(): Promise<ProcessMemory>;
  close(): Promise<void>;
}

/** The models in PyTorch. */
export const peerProgram = fileURLToPath(new URL('../../python/titok_peer.py', import.meta.url));

/** @param python - Command that starts a Python with PyTorch. */
export function startPeer(python: string, threads: number): PeerClient {
  const { ask, close } = startPeerProcess(peerProgram, python, threads);
  return {
    hello: () => ask('hello'),
    forms: (config) => ask('forms', { config }),
    load: async (load) => void (await ask('load', { ...load })),
    run: (batch, times) => ask('run', { batch, times }),
    compare: (direction, file) => ask('compare', { direction, file }),
    memory: () => ask('memory'),
    close,
  };
}
