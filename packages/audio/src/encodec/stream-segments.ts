import type { Model, TokenizerInfo } from '@tesserae/core';
import { type AudioSignal, Tokens } from '@tesserae/core/data';
import { type CodecFacts } from '../tokenizer/audio-rooms';
import type { AudioStreamDecoder } from '../tokenizer/audio-tokenizer';
import { codeLevels } from '../tokenizer/code-levels';
import { codeStream } from '../tokenizer/code-stream';
import { prepareStream } from '../tokenizer/prepare-stream';
import { sampleBuffer } from '../tokenizer/sample-buffer';
import { levelsFor, sourceSamples } from '../tokenizer/stream-encoder';
import type { EncodecConfig } from './config';
import { loudness } from './loudness';
import { decodeSegment, encodeSegment } from './run-segments';
import { overlapAdder, segmentSizes, segmentsOf } from './segments';
import type { EncodecEncodeOptions, EncodecTokenizer } from './tokenizer';

/** `encodeStream` of a model of segments: tokens of each as soon as it is there. Without segments, all at the end. */
export function segmentEncoder(
  model: Model<EncodecConfig>,
  facts: CodecFacts,
  functionOf: (options: EncodecEncodeOptions) => string,
): EncodecTokenizer['encodeStream'] {
  const { config } = model;
  const endless = { length: Number.POSITIVE_INFINITY, stride: Number.POSITIVE_INFINITY };
  const { length, stride } = segmentSizes(config) ?? endless;
  return async function* encodeStream(source, options = {}) {
    const stream = prepareStream(source, facts, options);
    const buffer = sampleBuffer(facts.channels);
    const counted = sourceSamples(facts.sampleRate);
    let start = 0;
    const next = async (end: number, isLast: boolean): Promise<Tokens> => {
      const audio = buffer.read(start, end);
      const scale = config.normalize ? loudness(audio) : undefined;
      const { ids, margins } = await encodeSegment(model, functionOf(options), audio, scale, {
        ...(options.signal && { signal: options.signal }),
      });
      start += stride;
      if (!isLast) buffer.forget(start);
      const { pipeline, sampleRate, ...rest } = stream.facts()!;
      const samples = counted(start, { pipeline, sampleRate, ...rest }, isLast);
      const completed = rest.samples / sampleRate;
      options.onProgress?.({ stage: 'encode', completed, unit: 'seconds', label: 'encodeStream' });
      const tokens = new Tokens({
        tokenizer: model.identity,
        levels: levelsFor(codeLevels(ids!, margins, facts.codebookSize), options),
        source: { modality: 'audio', pipeline, sampleRate, samples, ...(scale !== undefined && { scales: [scale] }) },
        prefixUnit: facts.prefixUnit,
      });
      return options.prefix === undefined ? tokens : tokens.prefix(options.prefix);
    };
    for await (const block of stream.blocks()) {
      buffer.append(block);
      while (buffer.end >= start + length) yield await next(start + length, false);
    }
    // A segment begins at every stride below the length, also where the one before reaches the end.
    while (start < buffer.end) yield await next(Math.min(buffer.end, start + length), start + stride >= buffer.end);
  };
}

/** `decodeStream` of a model of segments: exact, a stride at a time. Without segments, all at the end. */
export function segmentDecoder(model: Model<EncodecConfig>, info: TokenizerInfo): AudioStreamDecoder['decodeStream'] {
  const { config } = model;
  const { sampleRate } = config;
  const sizes = segmentSizes(config);
  return async function* decodeStream(chunks, { exact: _exact, windowSeconds: _seconds, ...options } = {}) {
    const codes = codeStream(info, sampleRate, options);
    const run = options.signal ? { signal: options.signal } : {};
    const adder = overlapAdder(sizes?.stride ?? 1);
    let given = 0;
    let done = 0;
    const signalOf = (channels: readonly Float32Array[]): AudioSignal => {
      given += channels[0]!.length;
      return { modality: 'audio', sampleRate, channels };
    };
    const push = async (frames: number) => {
      done += 1;
      return adder.push(await decodeSegment(model, codes.take(frames), codes.scales.shift(), run));
    };
    const full = sizes && fullSegment(config, sizes.length);
    for await (const chunk of chunks) {
      codes.push(chunk);
      while (full && codes.frames >= full.frames + full.mayFollow) {
        const ready = await push(full.frames);
        if (ready[0]!.length > 0) yield signalOf(ready);
      }
    }
    const total = codes.modelSamples();
    if (total === 0) return;
    for (const { frames } of segmentsOf(config, total).slice(done)) {
      const ready = await push(frames);
      if (ready[0]!.length > 0) yield signalOf(ready);
    }
    const rest = adder.end().map((channel) => channel.slice(0, total - given));
    yield signalOf(rest);
  };
}

/** Frames of a whole segment, and how many the segments behind one that is not whole have at most. */
function fullSegment(config: EncodecConfig, length: number) {
  const [, ...behind] = segmentsOf(config, length);
  const [first] = segmentsOf(config, length);
  return { frames: first!.frames, mayFollow: behind.reduce((sum, { frames }) => sum + frames, 0) };
}
