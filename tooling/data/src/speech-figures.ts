import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stoi } from '@tesserae/audio/metrics';
import { type HeldOutClip, logMelDistance } from './held-out-speech';
import { codec2, type CodedClip, opusCodec } from './speech-codecs';

/** Figures of one codec. */
export interface CodecRow {
  readonly name: string;
  /** kbit/s, over all clips. */
  readonly kilobits: number;
  readonly groups: readonly {
    readonly group: string;
    readonly clips: number;
    /** Means over the clips. */
    readonly logMel: number;
    readonly stoi: number;
    /** The three worst clips. */
    readonly worstLogMel: readonly number[];
  }[];
}

/** Measures a codec on all clips. */
export function rowOf(name: string, clips: readonly HeldOutClip[], code: (clip: HeldOutClip) => CodedClip): CodecRow {
  const found = clips.map((clip) => {
    const { samples, bytes } = code(clip);
    return {
      group: clip.group,
      logMel: logMelDistance(clip.samples, samples),
      stoi: stoi(clip.samples, samples, { sampleRate: 16_000 }).value,
      bits: bytes * 8,
      seconds: clip.samples.length / 16_000,
    };
  });
  const groups = [...new Set(found.map(({ group }) => group))].map((group) => {
    const own = found.filter((each) => each.group === group);
    const descending = own.map(({ logMel }) => logMel).toSorted((a, b) => b - a);
    return {
      group,
      clips: own.length,
      logMel: sum(descending) / own.length,
      stoi: sum(own.map((each) => each.stoi)) / own.length,
      worstLogMel: descending.slice(0, 3),
    };
  });
  const kilobits = sum(found.map(({ bits }) => bits)) / sum(found.map(({ seconds }) => seconds)) / 1000;
  return { name, kilobits, groups };
}

/** Opus and Codec 2 on the clips; measured once and kept beside them. */
export function yardsticks(folder: string, clips: readonly HeldOutClip[]): readonly CodecRow[] {
  const path = join(folder, 'yardsticks.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as CodecRow[];
  const opus = opusCodec(6);
  const rows = [
    rowOf('Opus, 6 kbit/s asked for', clips, ({ samples }) => opus(samples)),
    ...['3200', '1200', '700C'].map((mode) => {
      const codec = codec2(mode);
      return rowOf(`Codec 2, mode ${mode}`, clips, ({ samples }) => codec(samples));
    }),
  ];
  writeFileSync(path, JSON.stringify(rows));
  return rows;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
