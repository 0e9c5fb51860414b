import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Direction } from '../direction';
import { contestant, inTurns, timingOf } from '../in-turns';
import { startWorker } from '../worker-client';
import type { AudioEngine } from './arguments';
import { assertSame, type Comparison, compareIds, compareSound } from './compare';
import { writeInput } from './inputs';
import type { BenchmarkModel } from './models';
import { type PeerForm, startPeer } from './peer-client';
import type { Request } from './protocol';
import type { Row } from './results';

/** Our side in a process. */
export const workerProgram = new URL('./worker.ts', import.meta.url);

export interface RowOrder {
  readonly model: BenchmarkModel;
  readonly direction: Direction;
  readonly engine: AudioEngine;
  readonly seconds: number;
  readonly runs: number;
  /** Milliseconds after which no further round begins. */
  readonly budget: number;
  readonly threads: number;
  /** Weights. */
  readonly file: string;
  /** Folder for inputs and outputs. */
  readonly folder: string;
  /** Undefined: ours alone. */
  readonly peer?: { readonly python: string; readonly form: PeerForm };
}

/**
 * One row. Before anything is timed, both sides run once on the same input and their outputs are compared.
 *
 * @throws {Error} The engine does not hold the model; outputs differ.
 */
export async function measureRow(order: RowOrder): Promise<Row> {
  const { model, direction, engine, seconds, threads, folder, file } = order;
  const worker = startWorker<Request>(workerProgram, threads);
  const peer = order.peer && startPeer({ ...order, ...order.peer });
  try {
    await worker.ask({ kind: 'open', model: model.name, folder: dirname(file), engine, threads, prepack: true });
    const ours = contestant(() => worker.sample({ kind: 'run', direction, seconds }));
    const first = await ours.run();
    let comparison: Comparison | undefined;
    const input = writeInput(folder, model, direction, seconds);
    const theirs = peer && contestant(() => peer.run(input));
    if (peer) {
      await peer.open(order.peer!.form);
      await peer.run(input);
      const [own, margins, other] = ['ours', 'margins', 'peer'].map((name) => join(folder, `${name}.raw`));
      await worker.ask({ kind: 'save', file: own!, margins: margins! });
      await peer.save(other!);
      comparison =
        direction === 'encode'
          ? compareIds(integers(own!), integers(other!), floats(margins!), model.codebooks)
          : compareSound(floats(own!), floats(other!));
      assertSame(comparison);
    }
    await inTurns(theirs ? [ours, theirs] : [ours], order.runs, { isWarm: true, budget: order.budget });
    return {
      model: model.name,
      direction,
      seconds,
      engine,
      ours: timingOf(ours.samples),
      ...(theirs && { peer: timingOf(theirs.samples) }),
      firstMilliseconds: first.milliseconds,
      ...(comparison && { comparison }),
    };
  } finally {
    await Promise.all([worker.close(), peer?.close()]);
  }
}

function integers(file: string): Int32Array {
  return new Int32Array(bytesOf(file));
}

function floats(file: string): Float32Array {
  return new Float32Array(bytesOf(file));
}

function bytesOf(file: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
