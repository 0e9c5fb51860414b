import type { Model } from '@tesserae/core';
import { InputError, Tokens, TokensError } from '@tesserae/core/data';
import { codeLevels, codesOfLevels } from '../tokenizer/code-levels';
import { audioSource, modelSamples } from '../tokenizer/finish-audio';
import { audioPipeline } from '../tokenizer/prepare-audio';
import { arithmeticDecoder, arithmeticEncoder, quantizedShares } from './arithmetic-coder';
import type { BitReader, BitWriter } from './bit-stream';
import { type EncodecConfig, frameRate } from './config';
import { readEcdcHeader, readScale, writeEcdcHeader, writeScale } from './ecdc-file';
import type { EncodecLanguageModel } from './language-model';
import { segmentsOf } from './segments';

export interface EcdcOptions {
  /** Weights that entropy-coded files need, and with which codes are written in that form. */
  readonly languageModel?: EncodecLanguageModel;
  readonly signal?: AbortSignal;
}

type Named = Pick<Model<EncodecConfig>, 'config' | 'identity'>;

/** Codes of one frame, read or written one codebook after the other. */
type FrameCoder = (codes: Int32Array) => void;

/**
 * Tokens of an `.ecdc` file.
 *
 * @throws {InputError} `undecodable`: not such a file, of another model, cut off, or entropy-coded without
 *   `languageModel`.
 */
export function readEcdc(bytes: Uint8Array, model: Named, { languageModel, signal }: EcdcOptions = {}): Tokens {
  const { config } = model;
  const name = 'ecdc file';
  const { header, reader } = readEcdcHeader(bytes, name);
  const refuse = (expected: string, actual: string) => new InputError(name, expected, actual, { code: 'undecodable' });
  if (header.model !== config.name) throw refuse(`codes of ${config.name}`, header.model);
  if (header.codebooks > config.codebooks) {
    throw refuse(`at most ${config.codebooks} codebooks`, `${header.codebooks}`);
  }
  if (header.usesLanguageModel && !languageModel) {
    throw refuse('options.languageModel, since the codes are entropy-coded', 'none');
  }
  const known = header.usesLanguageModel ? fitting(languageModel!, config, header.codebooks) : undefined;
  const segments = segmentsOf(config, header.samples);
  // Every code takes a bit at least: no header may ask for memory that the file cannot fill.
  const frames = segments.reduce((sum, segment) => sum + segment.frames, 0);
  if (frames > bytes.length * 8) throw refuse(`codes of ${header.samples} samples`, `a file of ${bytes.length} bytes`);
  const data = new Int32Array(header.codebooks * frames);
  const scales: number[] = [];
  const frame = new Int32Array(header.codebooks);
  let at = 0;
  for (const segment of segments) {
    if (config.normalize) scales.push(readScale(reader));
    const read = frameReader(reader, config, known, name);
    for (let index = 0; index < segment.frames; index += 1, at += 1) {
      signal?.throwIfAborted();
      read(frame);
      frame.forEach((code, level) => (data[level * frames + at] = code));
    }
    reader.align();
  }
  return new Tokens({
    tokenizer: model.identity,
    prefixUnit: 'level',
    levels: codeLevels({ shape: [header.codebooks, 1, frames], data }, undefined, config.codebookSize),
    source: {
      modality: 'audio',
      pipeline: audioPipeline({ sampleRate: config.sampleRate, channels: config.seanet.channels }),
      sampleRate: config.sampleRate,
      samples: header.samples,
      ...(config.normalize && { scales }),
    },
  });
}

/**
 * Tokens as an `.ecdc` file, byte for byte that of the official code where codes are not entropy-coded.
 *
 * @throws {TokensError} `invalid-tokens`: the codes are not those of as many samples.
 */
export function writeEcdc(tokens: Tokens, { config }: Named, { languageModel, signal }: EcdcOptions = {}): Uint8Array {
  const ids = codesOfLevels(tokens);
  const [codebooks = 0, , frames = 0] = ids.shape;
  const samples = modelSamples(tokens, config.sampleRate);
  const segments = segmentsOf(config, samples);
  const { scales = [] } = audioSource(tokens);
  const expected = segments.reduce((sum, segment) => sum + segment.frames, 0);
  if (expected !== frames || (config.normalize && scales.length !== segments.length)) {
    throw new TokensError(
      'invalid-tokens',
      `expected ${expected} frames and ${config.normalize ? segments.length : 0} scales, got ${frames} and ${scales.length}.`,
    );
  }
  const known = languageModel && fitting(languageModel, config, codebooks);
  const writer = writeEcdcHeader({ model: config.name, samples, codebooks, usesLanguageModel: known !== undefined });
  const frame = new Int32Array(codebooks);
  let at = 0;
  segments.forEach((segment, index) => {
    if (config.normalize) writeScale(writer, scales[index]!);
    const { write, flush } = frameWriter(writer, config, known);
    for (let step = 0; step < segment.frames; step += 1, at += 1) {
      signal?.throwIfAborted();
      for (let level = 0; level < codebooks; level += 1) frame[level] = ids.data[level * frames + at]!;
      write(frame);
    }
    flush();
  });
  return writer.bytes();
}

/** What starts the language model of a segment. */
type Start = () => ReturnType<EncodecLanguageModel['start']>;

/** Seconds that the official language models look back. */
const pastSeconds = 3.5;

function fitting(model: EncodecLanguageModel, config: EncodecConfig, codebooks: number): Start {
  if (model.codebookSize !== config.codebookSize || model.codebooks < codebooks) {
    throw new InputError(
      'languageModel',
      `${codebooks} codebooks of ${config.codebookSize}`,
      `${model.codebooks} of ${model.codebookSize}`,
    );
  }
  return () => model.start(codebooks, Math.floor(pastSeconds * frameRate(config)));
}

function frameReader(reader: BitReader, config: EncodecConfig, start: Start | undefined, name: string): FrameCoder {
  if (!start) {
    const bits = Math.log2(config.codebookSize);
    return (codes) => codes.forEach((_, level) => (codes[level] = reader.pull(bits)));
  }
  const decoder = arithmeticDecoder(reader, name);
  const step = start();
  let before: Int32Array | undefined;
  return (codes) => {
    step(before).forEach((probabilities, level) => (codes[level] = decoder.pull(quantizedShares(probabilities))));
    before = codes.slice();
  };
}

function frameWriter(writer: BitWriter, config: EncodecConfig, start: Start | undefined) {
  if (!start) {
    const bits = Math.log2(config.codebookSize);
    const write: FrameCoder = (codes) => codes.forEach((code) => writer.push(code, bits));
    return { write, flush: () => writer.align() };
  }
  const encoder = arithmeticEncoder(writer);
  const step = start();
  let before: Int32Array | undefined;
  const write: FrameCoder = (codes) => {
    step(before).forEach((probabilities, level) => encoder.push(codes[level]!, quantizedShares(probabilities)));
    before = codes.slice();
  };
  return { write, flush: () => encoder.flush() };
}
