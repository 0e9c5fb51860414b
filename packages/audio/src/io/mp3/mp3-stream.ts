import { concatBytes } from '@tesserae/core';
import type { AudioSignal } from '@tesserae/core/data';
import type { ByteReader } from '../byte-reader';
import { undecodable } from '../chunk-errors';
import { optionalPackage } from '../optional-package';
import { samplesOf, trimBlocks } from '../trim-blocks';
import { type Gapless, type InfoFrame, decoderDelay, infoFrame, trimOf } from './gapless';
import { type MpegFrame, mpegFrames } from './mpeg-frames';

/** Frames that are decoded together. */
const batchFrames = 32;

/**
 * An MP3 file (or one of layer 1 or 2) block by block, by mpg123. Where the file says what its encoder put in front and
 * behind (LAME, Xing, Info; iTunSMPB), exactly the encoded samples come; otherwise all that the decoder gives.
 *
 * @param tagged - What an ID3 tag in front said.
 * @throws {InputError} `undecodable`. @throws {UnsupportedError} The package mpg123-decoder is not installed.
 */
export async function* mp3Blocks(reader: ByteReader, tagged: Gapless | undefined): AsyncGenerator<AudioSignal> {
  const frames = mpegFrames(reader);
  const { value: first } = await frames.next();
  if (!first) throw undecodable(reader.name, 'MP3 frames', 'none that is whole');
  const info = infoFrame(first.bytes, first.header);
  const gapless = info?.gapless ?? tagged;
  const facts: InfoFrame = { ...info, ...(gapless && { gapless }) };
  const trim = trimOf(facts, first.header.samples);
  const blocks = decodeFrames(frames, info ? undefined : first, first, reader.name);
  if (!trim) {
    yield* blocks;
    return;
  }
  yield* trimBlocks(withTail(blocks, facts, first), trim);
}

/** The decoder is late: where the file is whole, its last samples would be missing without silence behind. */
async function* withTail(
  blocks: AsyncIterable<AudioSignal>,
  { frames }: InfoFrame,
  { header }: MpegFrame,
): AsyncGenerator<AudioSignal> {
  let samples = 0;
  let last: AudioSignal | undefined;
  for await (const block of blocks) {
    samples += samplesOf(block);
    last = block;
    yield block;
  }
  const isWhole = frames !== undefined && samples >= frames * header.samples;
  if (last && isWhole) yield { ...last, channels: last.channels.map(() => new Float32Array(decoderDelay)) };
}

async function* decodeFrames(
  frames: AsyncIterable<MpegFrame>,
  sounding: MpegFrame | undefined,
  { header: { sampleRate, channels } }: MpegFrame,
  name: string,
): AsyncGenerator<AudioSignal> {
  const { MPEGDecoder } = await optionalPackage(`${name}: MP3`, 'mpg123-decoder', () => import('mpg123-decoder'));
  const decoder = new MPEGDecoder({ enableGapless: false });
  await decoder.ready;
  let decoded = 0;
  const decode = (batch: readonly MpegFrame[]): AudioSignal => {
    const { channelData, errors } = decoder.decode(concatBytes(batch.map(({ bytes }) => bytes)));
    if (errors[0]) throw undecodable(name, `MP3 frames behind sample ${decoded}`, errors[0].message);
    decoded += channelData[0]?.length ?? 0;
    const given = channelData.slice(0, channels);
    return { modality: 'audio', sampleRate, channels: given.length > 0 ? given : [new Float32Array(0)] };
  };
  try {
    let batch: MpegFrame[] = sounding ? [sounding] : [];
    for await (const frame of frames) {
      batch.push(frame);
      if (batch.length < batchFrames) continue;
      yield decode(batch);
      batch = [];
    }
    if (batch.length > 0 || decoded === 0) yield decode(batch);
  } finally {
    decoder.free();
  }
}
