import { UnsupportedError } from '@tesserae/core/data';
import type { ByteReader } from '../byte-reader';
import { undecodable } from '../chunk-errors';
import { id3Bytes } from './id3';
import { isSameStream, type MpegHeader, mpegHeader } from './mpeg-header';

/** One frame, with its header. */
export interface MpegFrame {
  readonly header: MpegHeader;
  readonly bytes: Uint8Array;
}

/** Other bytes between frames are skipped up to this many. */
const largestGap = 256 * 1024;

/**
 * Frames of an MPEG audio file. Tags behind the sound, and other bytes between frames, are left out; a frame that is cut
 * off at the end too.
 *
 * @throws {InputError} `undecodable`: no frames, or too much between them. @throws {UnsupportedError} The free format.
 */
export async function* mpegFrames(reader: ByteReader): AsyncGenerator<MpegFrame> {
  let first: MpegHeader | undefined;
  for (;;) {
    const start = await reader.peek(10);
    if (start.length < 4) return;
    const header = mpegHeader(start);
    if (header?.length === 0 && !first) {
      throw new UnsupportedError(`${reader.name}: MP3 in the free format`, 'its frames do not say how long they are.');
    }
    if (header && header.length > 0 && (!first || isSameStream(first, header))) {
      const bytes = await reader.take(header.length);
      if (bytes.length < header.length) return;
      first ??= header;
      yield { header, bytes };
      continue;
    }
    if (await skipTag(reader, start)) continue;
    await skipGap(reader, first);
  }
}

/** ID3 of both kinds and APE tags. */
async function skipTag(reader: ByteReader, start: Uint8Array): Promise<boolean> {
  const characters = String.fromCharCode(...start);
  const id3 = id3Bytes(start);
  if (id3 !== undefined) await reader.skip(id3);
  else if (characters.startsWith('TAG')) await reader.skip(128);
  else if (characters.startsWith('APETAGEX')) {
    const head = await reader.take(32);
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    if (head.length === 32) await reader.skip(view.getUint32(12, true));
  } else return false;
  return true;
}

/** On to the next place where two frames follow each other, or to the end. */
async function skipGap(reader: ByteReader, first: MpegHeader | undefined): Promise<void> {
  const bytes = await reader.peek(largestGap);
  for (let at = 1; at + 4 <= bytes.length; at += 1) {
    const header = mpegHeader(bytes, at);
    if (!header || header.length === 0 || (first && !isSameStream(first, header))) continue;
    const next = at + header.length;
    const following = mpegHeader(bytes, next);
    if ((following && isSameStream(header, following)) || (first && next >= bytes.length)) {
      await reader.skip(at);
      return;
    }
  }
  if (bytes.length === largestGap || !first) {
    throw undecodable(reader.name, `an MP3 frame near byte ${reader.position}`, 'other bytes');
  }
  await reader.skip(bytes.length);
}
