import type { FileInput } from './signal';

/** A waveform as plain data. */
export interface AudioSignal {
  readonly modality: 'audio';
  /** Hz. */
  readonly sampleRate: number;
  /** Samples of each channel, all of one length, -1..1. */
  readonly channels: readonly Float32Array[];
}

export type AudioInput = AudioSignal | FileInput;
