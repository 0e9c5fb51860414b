import type { AudioSignal } from '@tesserae/core/data';
import type { ByteReader } from '../byte-reader';
import { undecodable } from '../chunk-errors';
import { BrokenFrame, MissingBits } from '../flac/flac-bits';
import { isFrameStart, readFlacFrame } from '../flac/flac-frame';
import { flacCounter } from '../flac/flac-stream';
import { type FlacStreamInfo, readStreamInfo } from '../flac/stream-info';
import { oggPackets } from './ogg-packets';

/** Before the stream info in the first packet: marks, versions, a count and a block header. */
const infoStart = 17;

/** True for the first packet of a FLAC stream. */
export function isFlacHead(packet: Uint8Array): boolean {
  return String.fromCharCode(...packet.subarray(0, 5)) === '\x7fFLAC';
}

/**
 * An Ogg FLAC file block by block: a frame in every packet.
 *
 * @throws {InputError} `undecodable`.
 */
export async function* oggFlacBlocks(reader: ByteReader): AsyncGenerator<AudioSignal> {
  const { name } = reader;
  let info: FlacStreamInfo | undefined;
  let counter: ReturnType<typeof flacCounter> | undefined;
  for await (const { packets, isFirst } of oggPackets(reader, isFlacHead)) {
    let frames = packets;
    if (isFirst) {
      const rest = counter?.end();
      if (rest) yield rest;
      info = readStreamInfo(packets[0]!.subarray(infoStart), name);
      counter = flacCounter(info, name);
      frames = packets.slice(1);
    }
    for (const packet of frames) {
      if (!counter || !info || !isFrameStart(packet)) continue;
      yield counter.blockOf(frameOf(packet, info, counter.position, name));
    }
  }
  const rest = counter?.end();
  if (rest) yield rest;
}

function frameOf(packet: Uint8Array, info: FlacStreamInfo, position: number, name: string) {
  try {
    return readFlacFrame(packet, info);
  } catch (cause) {
    if (!(cause instanceof BrokenFrame || cause instanceof MissingBits)) throw cause;
    const found = cause instanceof MissingBits ? 'its end' : cause.message;
    throw undecodable(name, `a whole FLAC frame at sample ${position}`, found, cause);
  }
}
