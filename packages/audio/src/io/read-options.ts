import type { SampleLayout } from './sample-layout';

/** Sound without a header: what a file would say. */
export interface RawAudioFormat {
  /** Hz. */
  readonly sampleRate: number;
  /** Default 1. */
  readonly channels?: number;
  /** Default `int16`. */
  readonly sampleFormat?: SampleLayout;
  /** Default false: the lowest byte comes first. */
  readonly bigEndian?: boolean;
}

export interface ReadAudioOptions {
  readonly signal?: AbortSignal;
  /** Largest file or sound in memory, bytes. Default 2 GiB. `readAudioStream` has no limit unless one is given. */
  readonly maxBytes?: number;
  /** The bytes are samples and nothing else. */
  readonly raw?: RawAudioFormat;
  /**
   * Whether the installed program ffmpeg reads what is not read here: true (default), false, or its path. Only in Node.
   */
  readonly ffmpeg?: boolean | string;
}
