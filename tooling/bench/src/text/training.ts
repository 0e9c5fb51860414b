import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { statisticOf, type Statistic } from '../statistics';
import { importFile, type PeerPlaces } from './peers.mjs';
import { processorTime } from './processor-time.mjs';

const program = fileURLToPath(new URL('../../python/training_peer.py', import.meta.url));

/** Tokens that are trained. */
export const trainedVocabulary = 8000;

export interface TrainingTimes {
  readonly bytes: number;
  /** Milliseconds of processor time, for counting and merging together. */
  readonly ours: Statistic;
  readonly peer?: Statistic;
  readonly peerVersion?: string;
  readonly peerReason?: string;
  /** Whether both learned the same merges. */
  readonly areEqual?: boolean;
}

interface TrainModule {
  trainTokenizer(texts: Iterable<string>, options: object): { save(format: 'tokenizer.json'): Uint8Array };
}

interface PeerAnswer {
  readonly version: string;
  readonly cpuMilliseconds: number;
  readonly merges: readonly (readonly [string, string])[];
}

/**
 * Byte-level BPE on the same lines, one thread each, in turns.
 *
 * @param python - Command that starts a Python with the module tokenizers.
 */
export async function measureTraining(
  texts: readonly string[],
  places: PeerPlaces,
  python: string,
  rounds: number,
): Promise<TrainingTimes> {
  const { trainTokenizer } = (await importFile(join(places.built, 'train.js'))) as TrainModule;
  const folder = mkdtempSync(join(tmpdir(), 'tesserae-training-'));
  const file = join(folder, 'texts.json');
  writeFileSync(file, JSON.stringify(texts));
  try {
    const ours: number[] = [];
    const peer: number[] = [];
    let merges = '';
    let answer: PeerAnswer | undefined;
    let peerReason: string | undefined;
    for (let round = -1; round < rounds; round += 1) {
      let saved: Uint8Array = new Uint8Array();
      const time = await processorTime(() => {
        const trained = trainTokenizer(texts, {
          algorithm: 'bpe',
          vocabularySize: trainedVocabulary,
          preTokenizer: { type: 'ByteLevel', add_prefix_space: false },
        });
        saved = trained.save('tokenizer.json');
      });
      const { model } = JSON.parse(new TextDecoder().decode(saved)) as { readonly model: { readonly merges: unknown } };
      merges = JSON.stringify(model.merges);
      if (round < 0) continue;
      ours.push(time);
      if (peerReason !== undefined) continue;
      try {
        answer = askPeer(python, file);
        peer.push(answer.cpuMilliseconds);
      } catch (error) {
        peerReason = `${python}: ${lastLine(error)}`;
      }
    }
    return {
      bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      ours: statisticOf(ours),
      ...(answer && {
        peer: statisticOf(peer),
        peerVersion: answer.version,
        areEqual: sameMerges(merges, answer.merges),
      }),
      ...(peerReason !== undefined && { peerReason }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function askPeer(python: string, file: string): PeerAnswer {
  const environment = { ...process.env, RAYON_NUM_THREADS: '1', TOKENIZERS_PARALLELISM: 'false' };
  const given = [program, file, String(trainedVocabulary)];
  const answer = execFileSync(python, given, {
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  return JSON.parse(answer) as PeerAnswer;
}

function sameMerges(ours: string, theirs: PeerAnswer['merges']): boolean {
  const list = JSON.parse(ours) as readonly (string | readonly string[])[];
  const shown = (merge: string | readonly string[]) => (typeof merge === 'string' ? merge : merge.join(' '));
  return list.length === theirs.length && list.every((merge, index) => shown(merge) === shown(theirs[index]!));
}

const lastLine = (error: unknown): string =>
  (error as { readonly stderr?: string }).stderr?.trim().split('\n').at(-1) || (error as Error).message.split('\n')[0]!;
