import { type AudioSignal, UnsupportedError } from '@tesserae/core/data';
import type { ByteReader } from '../byte-reader';
import { undecodable } from '../chunk-errors';
import { optionalPackage } from '../optional-package';
import { inWavOrder } from './channel-order';
import { oggPackets } from './ogg-packets';

/** True for the first packet of a Vorbis stream. */
export function isVorbisHead(packet: Uint8Array): boolean {
  return String.fromCharCode(...packet.subarray(0, 7)) === '\x01vorbis';
}

/**
 * An Ogg Vorbis file block by block, by libvorbis, up to where its last page says it ends. Channels in the order of WAV
 * files.
 *
 * @throws {InputError} `undecodable`. @throws {UnsupportedError} More than 8 channels; the package
 *   @wasm-audio-decoders/ogg-vorbis is not installed.
 */
export async function* vorbisBlocks(reader: ByteReader): AsyncGenerator<AudioSignal> {
  const { name } = reader;
  const { OggVorbisDecoder } = await optionalPackage(
    `${name}: Ogg Vorbis`,
    '@wasm-audio-decoders/ogg-vorbis',
    () => import('@wasm-audio-decoders/ogg-vorbis'),
  );
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  let facts = { channels: 0, sampleRate: 0 };
  let decoded = 0;
  const checked = async (decode: () => ReturnType<typeof decoder.decode>): Promise<AudioSignal | undefined> => {
    const where = `Vorbis packets behind sample ${decoded}`;
    const result = await decode().catch((cause: unknown) => {
      throw undecodable(name, where, cause instanceof Error ? cause.message : String(cause), cause);
    });
    if (result.errors[0]) throw undecodable(name, where, result.errors[0].message);
    if (result.samplesDecoded === 0) return undefined;
    decoded += result.samplesDecoded;
    return { modality: 'audio', sampleRate: facts.sampleRate, channels: inWavOrder(result.channelData) };
  };
  try {
    for await (const { bytes, isFirst, isLast, packets } of oggPackets(reader, isVorbisHead)) {
      if (isFirst) {
        facts = vorbisFacts(packets[0]!, name);
        yield emptyBlock(facts);
      }
      const block = await checked(() => decoder.decode(bytes));
      if (block) yield block;
      if (!isLast) continue;
      const rest = await checked(() => decoder.flush());
      if (rest) yield rest;
    }
  } finally {
    decoder.free();
  }
}

function vorbisFacts(packet: Uint8Array, name: string) {
  if (packet.length < 30) throw undecodable(name, 'a Vorbis header of 30 bytes', `${packet.length}`);
  const channels = packet[11]!;
  const sampleRate = new DataView(packet.buffer, packet.byteOffset, packet.length).getUint32(12, true);
  if (channels === 0 || sampleRate === 0) {
    throw undecodable(name, 'channels and a sampling rate', `${channels} and ${sampleRate} Hz`);
  }
  // A page of them would be gigabytes of sound.
  if (channels > 8) throw new UnsupportedError(`${name}: ${channels} channels in Vorbis`, 'up to 8 are read here.');
  return { channels, sampleRate };
}

function emptyBlock({ channels, sampleRate }: { readonly channels: number; readonly sampleRate: number }): AudioSignal {
  return {
    modality: 'audio',
    sampleRate,
    channels: Array.from({ length: channels }, () => new Float32Array(0)),
  };
}
