import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from '../machine';
import { findPeer, firstLine } from '../peer-process';
import { megabytes } from '../table';
import { weightFile } from '../weight-file';
import type { AudioArguments } from './arguments';
import { measureMemory } from './measure-memory';
import { measureRow } from './measure-rows';
import { measureStreams } from './measure-stream';
import { benchmarkModel, declaredWeights } from './models';
import { type AudioPeerFacts, peerProgram } from './peer-client';
import { type MemoryRow, type MissingRow, type Results, type Row, rowName, type StreamRow } from './results';

/** Measures everything that was asked for. @param say - Told what is being done. */
export async function benchmarkAudio(given: AudioArguments, say: (text: string) => void): Promise<Results> {
  const machine = describeMachine();
  const threads = given.threads ?? machine.cores;
  const folder = join(tmpdir(), 'tesserae-bench');
  mkdirSync(folder, { recursive: true });
  const found = await findPeer<AudioPeerFacts>(peerProgram, given.python, threads);
  const rows: Row[] = [];
  const missing: MissingRow[] = [];
  const memory: MemoryRow[] = [];
  const streams: StreamRow[] = [];
  const peer = found.facts && { python: given.python, form: found.facts.form };
  const attempt = async (what: string, measure: () => Promise<void>) => {
    say(what);
    await measure().catch((error: unknown) => missing.push({ what, reason: firstLine(error), fails: true }));
  };
  const { parts, engines, runs } = given;
  for (const name of given.models) {
    const model = benchmarkModel(name);
    const file = await weightFile(declaredWeights(model), folder, (path, bytes) =>
      say(`writing ${path} (${megabytes(bytes)})`),
    );
    for (const direction of given.directions) {
      for (const seconds of given.seconds) {
        const budget = 1000 * given.budget;
        const order = { model, direction, seconds, runs, budget, threads, file, folder, ...(peer && { peer }) };
        const row = rowName({ model: name, direction, seconds });
        for (const engine of parts.includes('speed') ? engines : []) {
          await attempt(`${row} on ${engine}`, async () => void rows.push(await measureRow({ ...order, engine })));
        }
        if (!parts.includes('memory')) continue;
        await attempt(`${row}, memory`, async () => void memory.push(...(await measureMemory(order))));
      }
    }
    if (parts.includes('others')) {
      missing.push({ what: `${name} beside transformers.js`, reason: model.transformersJs, fails: false });
    }
    if (!parts.includes('stream') || !model.streamSeconds) continue;
    for (const engine of engines) {
      await attempt(
        `${name}, stream on ${engine}`,
        async () => void streams.push(...(await measureStreams({ model, engine, threads, file }))),
      );
    }
  }
  return {
    machine,
    threads,
    runs,
    ...(found.facts ? { peer: found.facts } : { peerReason: found.reason }),
    rows,
    missing,
    memory,
    streams,
  };
}
