import type { MelRvqTokenizer } from '@tesserae/audio';
import { InputError, type TokenizerIdentity } from '@tesserae/core/data';
import { bytesIn } from './base64url';

/**
 * A memo is base64url of: version (1 byte), codebooks (1 byte), samples (4 bytes, lowest first), the first 4 bytes of the
 * weights' fingerprint, the ids of each codebook packed to whole bytes, and the first 4 bytes of the SHA-256 of all that.
 */
export const version = 1;
export const headerBytes = 10;
export const checksumBytes = 4;

/** What of a model a memo depends on. */
export interface MemoModel {
  readonly identity: TokenizerIdentity;
  /** Codes of every codebook. */
  readonly codebookSize: number;
  readonly codebooks: number;
  /** Hz. */
  readonly sampleRate: number;
  /** Samples a frame. */
  readonly hopLength: number;
}

export function memoModel({ info }: Pick<MelRvqTokenizer, 'info'>): MemoModel {
  const { identity, levels, signal } = info;
  return {
    identity,
    codebookSize: levels[0]!.vocabularySize!,
    codebooks: levels.length,
    sampleRate: Number(signal['sampleRate']),
    hopLength: Number(signal['hopLength']),
  };
}

const bitsOf = ({ codebookSize }: MemoModel): number => Math.ceil(Math.log2(codebookSize));

/** Frames that so many samples make. */
export const framesOf = (samples: number, { hopLength }: MemoModel): number => Math.ceil(samples / hopLength);

/** Bytes of the ids of some codebooks. */
export function payloadBytes(samples: number, codebooks: number, model: MemoModel): number {
  return codebooks * Math.ceil((framesOf(samples, model) * bitsOf(model)) / 8);
}

/**
 * How many codebooks of a message fit into so many characters.
 *
 * @param samples - Length of the message at the rate of the model.
 * @throws {InputError} `too-large`: not even one does.
 */
export function codebooksThatFit(samples: number, most: number, model: MemoModel): number {
  const room = bytesIn(most) - headerBytes - checksumBytes;
  for (let codebooks = model.codebooks; codebooks > 0; codebooks -= 1)
    if (payloadBytes(samples, codebooks, model) <= room) return codebooks;
  const frames = Math.max(0, Math.floor((room * 8) / bitsOf(model)));
  throw new InputError(
    'message',
    `at most ${seconds(frames * model.hopLength, model)} of sound, which is what ${most} characters hold`,
    seconds(samples, model),
    { code: 'too-large' },
  );
}

const seconds = (samples: number, { sampleRate }: MemoModel): string => `${(samples / sampleRate).toFixed(2)} s`;
