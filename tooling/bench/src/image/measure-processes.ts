import { execFile } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Direction, directions } from '../direction';
import { type OneShotProgram, runOneShot, runsBuilt } from '../one-shot';
import { statisticOf } from '../statistics';
import { modelInput, writeInput } from './inputs';
import { configJson, type BenchmarkModel, type ModelName } from './models';
import { startPeer, type PeerForms } from './peer-client';
import type { MemoryRow, StartRow } from './results';

const program: OneShotProgram = { file: new URL('./one-shot.mjs', import.meta.url), packages: ['core', 'image'] };
const commandFolder = new URL('../../../../apps/cli/', import.meta.url);

/** What a process of ours is told. */
export interface OneShotOrder {
  readonly model: ModelName;
  /** Folder of the weight file. */
  readonly folder: string;
  readonly direction: Direction;
  /** PNG file. */
  readonly picture: string;
  readonly prepack: boolean;
  readonly threads: number;
  /** Runs after the first. */
  readonly repeats: number;
}

export interface ProcessOrder {
  readonly model: BenchmarkModel;
  readonly file: string;
  /** Folder for inputs. */
  readonly folder: string;
  /** PNG file. */
  readonly picture: string;
  readonly threads: number;
  readonly peer?: { readonly python: string; readonly forms: PeerForms };
}

/** What a process takes that opens the file and runs one direction once: ours and the peer's. */
export async function measureMemory(order: ProcessOrder): Promise<readonly MemoryRow[]> {
  const { model, folder, file, threads, peer } = order;
  const rows: MemoryRow[] = [];
  for (const direction of directions) {
    for (const prepack of [false, true]) {
      const { memory, firstMilliseconds } = await runOneShot(program, shot(order, { direction, prepack }));
      if (!memory) return rows;
      const side = prepack ? 'ours, prepacked' : 'ours';
      const { VmHWM: peakBytes, RssAnon: anonymousBytes } = memory;
      rows.push({ model: model.name, direction, side, peakBytes, anonymousBytes, firstMilliseconds });
    }
    if (!peer) continue;
    const input = writeInput(folder, `${direction}-1.raw`, modelInput(direction, model.config, 1));
    const start = performance.now();
    const client = startPeer(peer.python, threads);
    try {
      await client.load({ file, config: configJson(model), direction, forms: peer.forms, inputs: { 1: input } });
      await client.run(1, 1);
      const firstMilliseconds = performance.now() - start;
      const { VmHWM: peakBytes, RssAnon: anonymousBytes } = await client.memory();
      rows.push({ model: model.name, direction, side: 'PyTorch', peakBytes, anonymousBytes, firstMilliseconds });
    } finally {
      await client.close();
    }
  }
  return rows;
}

/** From starting a process to its first ids, against reading the file once and one more run, in turns. */
export async function measureStart(order: ProcessOrder, runs: number): Promise<readonly StartRow[]> {
  const firsts: number[] = [];
  const commands: number[] = [];
  const reads: number[] = [];
  const again: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    reads.push(readingMilliseconds(order.file));
    const { firstMilliseconds, againMilliseconds } = await runOneShot(
      program,
      shot(order, { direction: 'encode', prepack: false, repeats: 3 }),
    );
    firsts.push(firstMilliseconds);
    again.push(statisticOf(againMilliseconds).median);
    commands.push(await commandMilliseconds(order));
  }
  const [read, once] = [statisticOf(reads), statisticOf(again)];
  const row = (by: StartRow['by'], samples: readonly number[], built: boolean): StartRow => {
    const first = statisticOf(samples);
    return {
      model: order.model.name,
      by,
      firstMilliseconds: first,
      readMilliseconds: read,
      runMilliseconds: once,
      ratio: first.median / (read.median + once.median),
      code: built ? 'built' : 'sources',
    };
  };
  const commandIsBuilt = existsSync(new URL('dist/main.js', commandFolder));
  return [row('library', firsts, runsBuilt(program)), row('command', commands, commandIsBuilt)];
}

/** One `tesserae encode`, from its start to its end. @throws {Error} It failed. */
async function commandMilliseconds({ model, file, folder, picture, threads }: ProcessOrder): Promise<number> {
  const bin = fileURLToPath(new URL('bin.mjs', commandFolder));
  const out = join(folder, 'picture.tok');
  const given = ['encode', picture, '--model', model.name, '--folder', dirname(file), '--engine', 'onnx', '--out', out];
  const { NODE_OPTIONS: _options, ...environment } = process.env;
  const start = performance.now();
  await promisify(execFile)(process.execPath, [bin, ...given, '--quiet'], {
    env: { ...environment, TESSERAE_THREADS: String(threads) },
  });
  return performance.now() - start;
}

function shot(
  { model, file, picture, threads }: ProcessOrder,
  given: Pick<OneShotOrder, 'direction' | 'prepack'> & Partial<Pick<OneShotOrder, 'repeats'>>,
): OneShotOrder {
  return { model: model.name, folder: dirname(file), picture, threads, repeats: 0, ...given };
}

/** A whole file, in order, in pieces of 16 MiB. */
function readingMilliseconds(file: string): number {
  const piece = new Uint8Array(16 * 2 ** 20);
  const start = performance.now();
  const handle = openSync(file, 'r');
  try {
    while (readSync(handle, piece) > 0);
  } finally {
    closeSync(handle);
  }
  return performance.now() - start;
}
