import type { AudioSignal } from '@tesserae/core/data';
import type { ByteReader } from '../byte-reader';
import { undecodable } from '../chunk-errors';
import { optionalPackage } from '../optional-package';
import { samplesOf, slice } from '../trim-blocks';
import { inWavOrder } from './channel-order';
import { oggPackets } from './ogg-packets';
import { type OpusHead, readOpusHead } from './opus-head';

/** Opus is always decoded at this rate, Hz. */
export const opusRate = 48_000;

/** Packets times channels that are decoded at a time: a few bytes can become much sound. */
const batchChannels = 512;

/** True for the first packet of an Opus stream. */
export function isOpusHead(packet: Uint8Array): boolean {
  return String.fromCharCode(...packet.subarray(0, 8)) === 'OpusHead';
}

/**
 * An Ogg Opus file block by block at 48 kHz, by libopus: without what its header says to skip and up to where its last
 * page says it ends; the header's gain is applied, as RFC 7845 asks. Channels in the order of WAV files.
 *
 * @throws {InputError} `undecodable`. @throws {UnsupportedError} The package opus-decoder is not installed.
 */
export async function* opusBlocks(reader: ByteReader): AsyncGenerator<AudioSignal> {
  const { name } = reader;
  let link: Awaited<ReturnType<typeof opusLink>> | undefined;
  try {
    for await (const { packets, isFirst, isLast, granule } of oggPackets(reader, isOpusHead)) {
      let sound = packets;
      if (isFirst) {
        link?.free();
        link = await opusLink(readOpusHead(packets[0]!, name), name);
        yield link.empty;
        sound = packets.slice(1);
      }
      if (!link) continue;
      for (const block of link.decode(sound, granule, isLast)) if (samplesOf(block) > 0) yield block;
    }
  } finally {
    link?.free();
  }
}

async function opusLink(
  { channels, preSkip, gain, isOrdered, streams, coupledStreams, mapping }: OpusHead,
  name: string,
) {
  const { OpusDecoder } = await optionalPackage(`${name}: Ogg Opus`, 'opus-decoder', () => import('opus-decoder'));
  const decoder = new OpusDecoder({
    channels,
    streamCount: streams,
    coupledStreamCount: coupledStreams,
    channelMappingTable: [...mapping],
  });
  await decoder.ready;
  let hasTags = false;
  /** Samples decoded, and where the first page begins. */
  let decoded = 0;
  let origin: number | undefined;
  const signalOf = (values: readonly Float32Array[]): AudioSignal => ({
    modality: 'audio',
    sampleRate: opusRate,
    channels: isOrdered ? inWavOrder(values) : values,
  });
  return {
    free: () => decoder.free(),
    empty: signalOf(Array.from({ length: channels }, () => new Float32Array(0))),
    *decode(packets: readonly Uint8Array[], granule: number, isLast: boolean): Generator<AudioSignal> {
      const sound = hasTags ? packets : packets.slice(1);
      hasTags ||= packets.length > 0;
      const step = Math.max(1, Math.floor(batchChannels / channels));
      for (let at = 0; at < sound.length; at += step) {
        const { channelData, samplesDecoded } = decodeAll(decoder, sound.slice(at, at + step), name, decoded);
        const before = decoded;
        decoded += samplesDecoded;
        const end = isLast && granule >= 0 ? Math.min(decoded, granule - (origin ?? 0)) : decoded;
        const from = Math.min(samplesDecoded, Math.max(0, preSkip - before));
        const block = slice(signalOf(channelData), from, Math.max(from, end - before));
        yield gain === 1 ? block : { ...block, channels: block.channels.map((values) => values.map((x) => x * gain)) };
      }
      // A stream that was cut out of another one begins later than at 0.
      if (origin === undefined && granule >= 0 && sound.length > 0) origin = Math.max(0, granule - decoded);
    },
  };
}

interface FrameDecoder {
  decodeFrames(packets: Uint8Array[]): {
    readonly channelData: Float32Array[];
    readonly samplesDecoded: number;
    readonly errors: readonly { readonly message: string }[];
  };
}

function decodeAll(decoder: FrameDecoder, packets: readonly Uint8Array[], name: string, decoded: number) {
  const where = `Opus packets behind sample ${decoded}`;
  let result: ReturnType<FrameDecoder['decodeFrames']>;
  try {
    result = decoder.decodeFrames([...packets]);
  } catch (cause) {
    throw undecodable(name, where, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (result.errors[0]) throw undecodable(name, where, result.errors[0].message);
  return result;
}
