import { join } from 'node:path';
import type { Direction } from '../direction';
import { type Contestant, contestant, inTurns, timingOf } from '../in-turns';
import { statisticOf } from '../statistics';
import { startWorker } from '../worker-client';
import type { Sample } from '../worker-loop';
import type { BenchmarkEngine } from './arguments';
import { modelFlops } from './flops';
import { productFlops, productRows } from './gemm';
import { modelInput, writeInput } from './inputs';
import { configJson, type BenchmarkModel } from './models';
import { startPeer, type Comparison, type PeerForms } from './peer-client';
import type { Request } from './protocol';
import type { Peak, Row, Timing } from './results';

export interface RowOrder {
  readonly model: BenchmarkModel;
  readonly direction: Direction;
  readonly engine: BenchmarkEngine;
  readonly batches: readonly number[];
  readonly runs: number;
  readonly threads: number;
  readonly file: string;
  /** Folder for inputs and outputs. */
  readonly folder: string;
  /** Undefined: ours alone. */
  readonly peer?: { readonly python: string; readonly forms: PeerForms };
}

export interface MeasuredRows {
  readonly rows: readonly Row[];
  readonly peak?: Peak;
}

/**
 * All rows of one model, direction and engine. Before anything is timed, both sides run once on the same input and
 * their outputs are compared.
 *
 * @throws {Error} The engine does not hold the model; outputs differ.
 */
export async function measureRows(order: RowOrder): Promise<MeasuredRows> {
  const { model, direction, engine, batches, threads, folder, file } = order;
  const worker = startWorker<Request>(new URL('./worker.ts', import.meta.url), threads);
  const peer = order.peer && startPeer(order.peer.python, threads);
  try {
    await worker.ask({ kind: 'open', model: model.name, file, engine, threads, prepack: true });
    const ours = (batch: number, times: number) => worker.sample({ kind: 'run', direction, batch, times });
    const first = await ours(1, 1);
    let comparison: Comparison | undefined;
    if (peer) {
      const inputs = Object.fromEntries(
        [...new Set([1, ...batches])].map((batch) => [
          batch,
          writeInput(folder, `${direction}-${batch}.raw`, modelInput(direction, model.config, batch)),
        ]),
      );
      await peer.load({ file, config: configJson(model), direction, forms: order.peer!.forms, inputs });
      await peer.run(1, 1);
      const output = join(folder, 'output.raw');
      await worker.ask({ kind: 'save', direction, file: output });
      comparison = await peer.compare(direction, output);
      assertSame(comparison);
    }
    const compiled = engine === 'onnx';
    const products = (compiled ? productRows : []).map((rows) => ({
      rows,
      contestant: contestant(() => worker.sample({ kind: 'product', rows })),
    }));
    const lines = batches.map((batch) => ({
      batch,
      // Slow engines gain nothing from a batch, and it doubles their time.
      ours: contestants(batch, ours, compiled),
      peer: peer ? contestants(batch, (size, times) => peer.run(size, times), true) : undefined,
    }));
    await inTurns(
      [
        ...lines.flatMap((line) => [line.ours.batch, line.peer?.batch, line.ours.loop, line.peer?.loop]),
        ...products.map(({ contestant: product }) => product),
      ].filter((each) => each !== undefined),
      order.runs,
    );
    const peak = products
      .map(({ rows, contestant: { samples } }) => ({
        engine,
        rows,
        gigaflopsPerSecond: productFlops(rows) / 1e6 / statisticOf(samples.map((each) => each.milliseconds)).median,
      }))
      .toSorted((a, b) => b.gigaflopsPerSecond - a.gigaflopsPerSecond)[0];
    const rows = lines.map((line): Row => {
      const timing = fastest(line.ours);
      const rate = (line.batch * modelFlops(model.config, direction)) / 1e6 / timing.wall.median;
      return {
        model: model.name,
        direction,
        batch: line.batch,
        engine,
        ours: timing,
        ...(line.peer && { peer: fastest(line.peer) }),
        ...(peak && { shareOfPeak: rate / peak.gigaflopsPerSecond }),
        firstMilliseconds: first.milliseconds,
        ...(comparison && { comparison }),
      };
    });
    return { rows, ...(peak && { peak }) };
  } finally {
    await Promise.all([worker.close(), peer?.close()]);
  }
}

function assertSame({ count, different = 0, largest = 0 }: Comparison): void {
  if (different > 0) throw new Error(`${different} of ${count} ids differ from PyTorch's`);
  // Pixels of 0..1; random weights at full depth differ by some 1e-5.
  if (!(largest < 1e-3)) throw new Error(`pixels differ from PyTorch's by up to ${largest}`);
}

interface Forms {
  readonly batch?: Contestant;
  readonly loop?: Contestant;
}

function contestants(batch: number, run: (batch: number, times: number) => Promise<Sample>, both: boolean): Forms {
  if (batch === 1) return { batch: contestant(() => run(1, 1)) };
  return {
    ...(both && { batch: contestant(() => run(batch, 1)) }),
    loop: contestant(() => run(1, batch)),
  };
}

function fastest(forms: Forms): Timing {
  const timings = (['batch', 'loop'] as const).flatMap((form): Timing[] => {
    const samples = forms[form]?.samples;
    if (!samples) return [];
    return [{ ...timingOf(samples), form }];
  });
  return timings.toSorted((a, b) => a.wall.median - b.wall.median)[0]!;
}
