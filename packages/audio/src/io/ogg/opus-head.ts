import { UnsupportedError } from '@tesserae/core/data';
import { undecodable } from '../chunk-errors';

/** First packet of an Opus stream (RFC 7845, section 5.1). */
export interface OpusHead {
  readonly channels: number;
  /** Samples at 48 kHz that are no sound of the source. */
  readonly preSkip: number;
  /** Factor for every sample. */
  readonly gain: number;
  /** Channels are in Vorbis order, which has a meaning. */
  readonly isOrdered: boolean;
  readonly streams: number;
  readonly coupledStreams: number;
  /** Of every channel, the decoded one. */
  readonly mapping: readonly number[];
}

/** @throws {InputError} `undecodable`. @throws {UnsupportedError} A mapping that is not known here. */
export function readOpusHead(packet: Uint8Array, name: string): OpusHead {
  if (packet.length < 19) throw undecodable(name, 'an Opus header of at least 19 bytes', `${packet.length}`);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const version = packet[8]!;
  const channels = packet[9]!;
  const family = packet[18]!;
  if (version >> 4 !== 0)
    throw new UnsupportedError(`${name}: Opus of version ${version}`, 'versions 0 to 15 are read.');
  if (channels === 0) throw undecodable(name, 'at least one channel', '0');
  const base = { channels, preSkip: view.getUint16(10, true), gain: 10 ** (view.getInt16(16, true) / 5120) };
  if (family === 0) {
    if (channels > 2) throw undecodable(name, '1 or 2 channels', `${channels}`);
    return { ...base, isOrdered: true, streams: 1, coupledStreams: channels - 1, mapping: [0, 1].slice(0, channels) };
  }
  if (family !== 1 && family !== 255) {
    throw new UnsupportedError(`${name}: Opus with channels of family ${family}`, 'families 0, 1 and 255 are read.');
  }
  if (packet.length < 21 + channels) throw undecodable(name, `${21 + channels} bytes of header`, `${packet.length}`);
  const streams = packet[19]!;
  const coupledStreams = packet[20]!;
  const mapping = [...packet.subarray(21, 21 + channels)];
  const isValid =
    streams > 0 &&
    coupledStreams <= streams &&
    streams + coupledStreams <= 255 &&
    mapping.every((index) => index === 255 || index < streams + coupledStreams);
  if (!isValid) throw undecodable(name, 'channels of streams that are there', mapping.join(', '));
  return { ...base, isOrdered: family === 1, streams, coupledStreams, mapping };
}
