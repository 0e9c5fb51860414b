import type { Machine } from '../machine';
import type { Statistic } from '../statistics';
import type { LoadTime } from './load-times';
import type { EncodingName } from './peers.mjs';
import type { GroupSpeeds } from './throughput';
import type { TrainingTimes } from './training';
import type { WorstTime } from './worst-cases';

/** Everything that one run found; parts that were not asked for are empty. */
export interface TextResults {
  readonly machine: Machine;
  readonly rounds: number;
  /** Versions of the others that were there. */
  readonly peers: Readonly<Record<string, string>>;
  /** What was left out, and why. */
  readonly missing: readonly string[];
  readonly encodings: readonly { readonly encoding: EncodingName; readonly groups: readonly GroupSpeeds[] }[];
  readonly vocabularies: readonly { readonly vocabulary: string; readonly mixed: GroupSpeeds }[];
  readonly loads: readonly LoadTime[];
  /** Of 32,000 letters; milliseconds of processor time. */
  readonly letters: readonly { readonly vocabulary: string; readonly time: Statistic }[];
  readonly worst: readonly WorstTime[];
  readonly training?: TrainingTimes;
}
