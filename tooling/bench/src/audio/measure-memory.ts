import { dirname } from 'node:path';
import type { Direction } from '../direction';
import { type OneShotProgram, runOneShot, runsBuilt } from '../one-shot';
import { writeInput } from './inputs';
import type { RowOrder } from './measure-rows';
import { startPeer } from './peer-client';
import type { MemoryRow } from './results';

const program: OneShotProgram = { file: new URL('./one-shot.mjs', import.meta.url), packages: ['core', 'audio'] };

/** What a process of ours is told. */
export interface OneShotOrder {
  readonly preset: string;
  /** Folder of the weight file. */
  readonly folder: string;
  readonly direction: Direction;
  readonly seconds: number;
  readonly sampleRate: number;
  readonly codebooks: number;
  readonly prepack: boolean;
  readonly threads: number;
}

/** What a fresh process takes that opens the file and runs one direction once: ours and the peer's. */
export async function measureMemory(order: Omit<RowOrder, 'engine'>): Promise<readonly MemoryRow[]> {
  const { model, direction, seconds, threads, file, folder } = order;
  const row = { model: model.name, direction, seconds };
  const shot: OneShotOrder = { ...model, folder: dirname(file), direction, seconds, threads, prepack: false };
  const { memory, firstMilliseconds } = await runOneShot(program, pick(shot));
  if (!memory) return [];
  const side = runsBuilt(program) ? 'ours' : 'ours, from sources';
  const { VmHWM: peakBytes, RssAnon: anonymousBytes } = memory;
  const ours: MemoryRow = { ...row, side, peakBytes, anonymousBytes, firstMilliseconds };
  if (!order.peer) return [ours];
  const input = writeInput(folder, model, direction, seconds);
  const start = performance.now();
  const client = startPeer({ ...order, ...order.peer });
  try {
    await client.open(order.peer.form);
    await client.run(input);
    const first = performance.now() - start;
    const { VmHWM, RssAnon } = await client.memory();
    return [ours, { ...row, side: 'PyTorch', peakBytes: VmHWM, anonymousBytes: RssAnon, firstMilliseconds: first }];
  } finally {
    await client.close();
  }
}

/** The order alone: it travels as JSON. */
function pick({
  preset,
  folder,
  direction,
  seconds,
  sampleRate,
  codebooks,
  prepack,
  threads,
}: OneShotOrder): OneShotOrder {
  return { preset, folder, direction, seconds, sampleRate, codebooks, prepack, threads };
}
