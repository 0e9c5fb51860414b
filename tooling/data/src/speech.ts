import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { creditsOf, jsonRows, lockOf, type UsedFile } from './credits';
import { decodeSpeech, speechRate } from './decode-speech';
import { evenly } from './evenly';
import type { SpeechSet } from './rules-speech';
import { collectSpeech } from './speech-sources';

/** Settings of {@link prepareSpeech}. */
export interface SpeechOptions {
  /** Folder for the recordings, `index.json`, `data.lock.json`, `CREDITS.json`; evaluation goes beside it. */
  readonly out: string;
  /** Folder for downloads and their contents. */
  readonly work: string;
  readonly report: (message: string) => void;
}

/** What `index.json` says: recordings of one speaker lie one after the other. */
export interface SpeechIndex {
  readonly sampleRate: number;
  /** 16-bit, mono, all speakers one after the other. */
  readonly file: string;
  readonly files: number;
  readonly speakers: readonly { readonly name: string; readonly first: number; readonly samples: number }[];
}

/** Of an evaluation clip; shorter ones say little. */
const [shortestClip, longestClip] = [1.5, 8];
const clipsOfGroup = 40;

/** Makes the training recordings of the speech starter, and clips of three held-out groups beside them. */
export async function prepareSpeech({ out, work, report }: SpeechOptions): Promise<void> {
  mkdirSync(out, { recursive: true });
  const { packages, training, heldOut } = collectSpeech(work, report);
  await writeEvaluation(join(out, '..', 'eval-speech-16k'), heldOut, report);

  const names = [...new Set(training.map(({ set }) => set))];
  const parts: Int16Array[] = [];
  const speakers: { name: string; first: number; samples: number }[] = [];
  const used: UsedFile<SpeechSet>[] = [];
  let total = 0;
  for (const name of names) {
    const first = total;
    for (const { file, samples } of await decodeAll(
      training.filter(({ set }) => set === name),
      report,
    )) {
      parts.push(samples);
      used.push(file);
      total += samples.length;
    }
    speakers.push({ name, first, samples: total - first });
    report(`${name}: ${((total - first) / speechRate / 3600).toFixed(2)} h`);
  }
  writeFileSync(join(out, 'speech.i16'), joinSamples(parts));
  const index: SpeechIndex = { sampleRate: speechRate, file: 'speech.i16', files: used.length, speakers };
  writeFileSync(join(out, 'index.json'), `${JSON.stringify(index, undefined, 2)}\n`);
  writeFileSync(join(out, 'data.lock.json'), jsonRows({ sampleRate: speechRate }, 'packages', lockOf(packages, used)));
  const note = 'Recordings that the weights were trained on, decoded to 16 kHz, mono.';
  const head = { note, licenceOfWeights: 'CC-BY-SA-4.0' };
  writeFileSync(join(out, 'CREDITS.json'), jsonRows(head, 'groups', creditsOf(used)));
}

interface Decoded<File> {
  readonly file: File;
  readonly samples: Int16Array;
}

/** Two at a time, in the order of the files; what cannot be read is left out. */
async function decodeAll<File extends UsedFile<SpeechSet>>(
  files: readonly File[],
  report: (message: string) => void,
): Promise<readonly Decoded<File>[]> {
  const decoded: (Decoded<File> | undefined)[] = new Array<undefined>(files.length);
  let next = 0;
  const worker = async () => {
    while (next < files.length) {
      const index = next++;
      const file = files[index]!;
      try {
        const samples = await decodeSpeech(file.bytes(), file.path.endsWith('.g722') ? 'g722' : undefined);
        if (samples.length > 0) decoded[index] = { file, samples };
      } catch (error) {
        report(`${file.path}: skipped, ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all([worker(), worker()]);
  return decoded.filter((each) => each !== undefined);
}

/** Which held-out recordings are evaluated together. */
function groupOf(set: SpeechSet): 'seen-speakers' | 'new-speaker' | 'new-languages' {
  return set === 'new-speaker' || set === 'new-languages' ? set : 'seen-speakers';
}

async function writeEvaluation(
  folder: string,
  heldOut: readonly (UsedFile<SpeechSet> & { readonly reason: string })[],
  report: (message: string) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const parts: Int16Array[] = [];
  const clips: unknown[] = [];
  let first = 0;
  for (const group of ['seen-speakers', 'new-speaker', 'new-languages'] as const) {
    const candidates = heldOut.filter(({ set }) => groupOf(set) === group);
    // Many prompts are a word: twelve times as many are looked at as are kept.
    const looked = await decodeAll(evenly(candidates, 12 * clipsOfGroup), report);
    const long = looked.filter(({ samples }) => samples.length >= shortestClip * speechRate);
    for (const { file, samples } of evenly(long, clipsOfGroup)) {
      const clip = samples.subarray(0, longestClip * speechRate);
      const { package: source, path, author, licence, sha256, reason } = file;
      const id = `${source.name}:${path}`;
      clips.push({ group, speaker: file.set, id, first, samples: clip.length, author, licence, sha256, reason });
      parts.push(clip);
      first += clip.length;
    }
  }
  writeFileSync(join(folder, 'speech.i16'), joinSamples(parts));
  writeFileSync(join(folder, 'index.json'), jsonRows({ sampleRate: speechRate, file: 'speech.i16' }, 'clips', clips));
  report(`evaluation: ${clips.length} held-out clips`);
}

function joinSamples(parts: readonly Int16Array[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)));
}
