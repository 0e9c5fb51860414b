import type { WrittenFormat } from './sample-format';

/** Formats that sound is written in. */
export type AudioFileFormat = 'wav' | 'flac' | 'opus' | 'mp3';

export interface EncodeAudioOptions {
  /** Default `wav`; `writeAudio` takes the ending of the path. */
  readonly format?: AudioFileFormat;
  /** WAV: any, FLAC: `int16` or `int24`. Default `int16`. */
  readonly sampleFormat?: WrittenFormat;
  /** Opus and MP3: bit/s over all channels. Default: Opus 64000 a channel, MP3 variable (quality 4 of LAME). */
  readonly bitrate?: number;
  readonly signal?: AbortSignal;
}

/** The part of a stream of Node that is written to, such as `process.stdout`. */
export interface NodeByteSink {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): unknown;
}

/** Where bytes go as they come; neither is closed. */
export type AudioByteSink = WritableStream<Uint8Array> | NodeByteSink;
