import { fileURLToPath } from 'node:url';
import type { Direction } from '../direction';
import { type PeerFacts, type ProcessMemory, startPeerProcess } from '../peer-process';
import type { Sample } from '../worker-loop';
import { type BenchmarkModel, configJson } from './models';

/** How the PyTorch program writes linear layers: what is faster in its build. */
export type PeerForm = 'linear' | 'conv';

/** What the PyTorch program says about itself. */
export interface AudioPeerFacts extends PeerFacts {
  readonly form: PeerForm;
}

/** The models in PyTorch. */
export const peerProgram = fileURLToPath(new URL('../../python/audio_peer.py', import.meta.url));

/** A process with one direction of the same model in PyTorch. */
export interface PeerClient {
  open(form: PeerForm): Promise<void>;
  /** @param input - File of raw numbers. */
  run(input: string): Promise<Sample>;
  /** Writes the last output as raw numbers. */
  save(file: string): Promise<void>;
  memory(): Promise<ProcessMemory>;
  close(): Promise<void>;
}

export interface PeerOrder {
  readonly python: string;
  readonly threads: number;
  readonly model: BenchmarkModel;
  /** Weights. */
  readonly file: string;
  readonly direction: Direction;
}

export function startPeer({ python, threads, model, file, direction }: PeerOrder): PeerClient {
  const { ask, close } = startPeerProcess(peerProgram, python, threads);
  const { systemName: system, codebooks } = model;
  const opening = { system, file, direction, codebooks, config: configJson(model) };
  return {
    open: async (form) => void (await ask('open', { ...opening, form })),
    run: (input) => ask('run', { input }),
    save: async (file) => void (await ask('save', { file })),
    memory: () => ask('memory'),
    close,
  };
}
