import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type * as tf from '@tensorflow/tfjs-core';
import { modelFunction, mulberry32, selectEngine, type HostTensor } from '@tesserae/core';
import { nearest } from '@tesserae/core/nn';
import { findPeer, startPeerProcess, type PeerFacts, type PeerProcess } from '../peer-process';
import { statisticOf, type Statistic } from '../statistics';
import { storeTensor } from '../store-tensor';

const program = fileURLToPath(new URL('../../python/nearest_peer.py', import.meta.url));
const [vectors, codes, dim] = [4096, 65_536, 16];
/** How many vectors PyTorch searches at once: all, or so few that the distances stay in the cache. */
const peerRows = [4096, 256, 32];
/** Threads that wait busily go to sleep before the other side starts. */
const restMilliseconds = 60;

export interface NearestOrder {
  readonly python: string;
  readonly threads: number;
  readonly runs: number;
}

export interface NearestFigures {
  /** Milliseconds. */
  readonly ours: Statistic;
  /** Of the fastest form; undefined without PyTorch. */
  readonly peer?: Statistic;
  readonly peerReason?: string;
  readonly facts?: PeerFacts;
  /** Vectors at once of the fastest form. */
  readonly rows?: number;
  /** Ids that differ from ours. */
  readonly different?: number;
}

/** Both sides in turns on the same numbers. @param say - Told what is being done. */
export async function measureNearest(order: NearestOrder, say: (text: string) => void): Promise<NearestFigures> {
  const { python, threads, runs } = order;
  const random = mulberry32(1);
  const z: HostTensor = { shape: [vectors, dim], data: random.normal(vectors * dim) };
  const codebook: HostTensor = { shape: [codes, dim], data: random.normal(codes * dim) };
  const engine = await selectEngine('onnx');
  const search = modelFunction(
    (_params: object) => ({}),
    (_part: object, { x, e }: { readonly x: tf.Tensor; readonly e: tf.Tensor2D }) => ({ ids: nearest(x, e).ids }),
  );
  const executable = await engine.load(search, {}, { threads, name: 'nearest' });
  const found = await findPeer(program, python, threads);
  const folder = mkdtempSync(join(tmpdir(), 'tesserae-nearest-'));
  const peer = found.facts ? startPeerProcess(program, python, threads) : undefined;
  try {
    let ids: HostTensor | undefined;
    const ours = async () => {
      const start = performance.now();
      ({ ids } = (await executable.run({ x: z, e: codebook })) as { readonly ids: HostTensor });
      return performance.now() - start;
    };
    const forms = peer ? await peerForms(peer, folder, z, codebook) : [];
    const contestants = [ours, ...forms.map(({ run }) => run)];
    const times = contestants.map((): number[] => []);
    for (let round = -1; round < runs; round += 1) {
      say(round < 0 ? 'warming up' : `round ${round + 1} of ${runs}`);
      for (const [index, run] of contestants.entries()) {
        const time = await run();
        if (round >= 0) times[index]!.push(time);
        await delay(restMilliseconds);
      }
    }
    const [own, ...others] = times.map(statisticOf);
    if (!peer || !found.facts) return { ours: own!, peerReason: 'reason' in found ? found.reason : '' };
    const best = others.reduce((least, each, index) => (each.median < others[least]!.median ? index : least), 0);
    const { different } = await peer.ask<{ readonly different: number }>('compare', {
      file: store(folder, 'ids', ids!),
    });
    return { ours: own!, peer: others[best]!, facts: found.facts, rows: forms[best]!.rows, different };
  } finally {
    await peer?.close();
    await executable.dispose();
    await engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function peerForms(peer: PeerProcess, folder: string, z: HostTensor, codebook: HostTensor) {
  await peer.ask('load', { dim, vectors: store(folder, 'vectors', z), codes: store(folder, 'codes', codebook) });
  return peerRows.map((rows) => ({
    rows,
    run: async () => (await peer.ask<{ readonly milliseconds: number }>('run', { rows })).milliseconds,
  }));
}

/** Raw numbers in a file. */
function store(folder: string, name: string, tensor: HostTensor): string {
  return storeTensor(join(folder, `${name}.raw`), tensor);
}
