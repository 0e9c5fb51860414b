import { type MelRvqTokenizer, resampledLength, resampleSignal, toMono } from '@tesserae/audio';
import type { RunOptions } from '@tesserae/core';
import type { AudioSignal } from '@tesserae/core/data';
import { readMemo, writeMemo } from './memo';
import { codebooksThatFit, memoModel } from './memo-layout';

/** What a link holds if not said otherwise: mail programs, chats and old browsers take as much. */
export const usualMost = 2000;

/** A message as a memo, and what it keeps of it. */
export interface EncodedMessage {
  readonly memo: string;
  /** Of the message, at the rate of the model. */
  readonly samples: number;
  readonly seconds: number;
  readonly codebooks: number;
  readonly allCodebooks: number;
  readonly bitsPerSecond: number;
}

/**
 * Encodes a message with as many codebooks as fit. Channels are mixed to their mean.
 *
 * @param message - Any rate, any number of channels.
 * @param most - Characters of the memo.
 * @throws {InputError} `too-large`: not even one codebook fits; no samples.
 */
export async function encodeMessage(
  tokenizer: MelRvqTokenizer,
  message: AudioSignal,
  most: number,
  options: RunOptions = {},
): Promise<EncodedMessage> {
  const model = memoModel(tokenizer);
  const { sampleRate } = model;
  const samples = resampledLength(message.channels[0]?.length ?? 0, message.sampleRate, sampleRate);
  // Before anything is computed: what does not fit is known from the length alone.
  const codebooks = codebooksThatFit(samples, most, model);
  const mono = resampleSignal({ ...message, channels: [toMono(message, 'mean')] }, sampleRate);
  const tokens = await tokenizer.encode(mono, { ...options, prefix: codebooks });
  const seconds = samples / sampleRate;
  return {
    memo: await writeMemo(tokens, model),
    samples,
    seconds,
    codebooks,
    allCodebooks: model.codebooks,
    bitsPerSecond: Math.round(tokens.payloadBits / seconds),
  };
}

/**
 * The sound of a memo: mono, at the rate of the model, as many samples as the message had there.
 *
 * @throws {TokensError} As `readMemo`.
 */
export async function decodeMessage(
  tokenizer: MelRvqTokenizer,
  memo: string,
  options: RunOptions = {},
): Promise<AudioSignal> {
  return tokenizer.decode(await readMemo(memo, memoModel(tokenizer)), options);
}
