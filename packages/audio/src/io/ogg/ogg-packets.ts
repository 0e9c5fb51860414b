import { concatBytes } from '@tesserae/core';
import type { ByteReader } from '../byte-reader';
import { undecodable } from '../chunk-errors';
import { type OggPage, readOggPage } from './ogg-pages';

/** Packets that end in one page of the chosen stream. */
export interface OggPackets extends Pick<OggPage, 'granule' | 'isFirst' | 'isLast' | 'bytes'> {
  readonly packets: readonly Uint8Array[];
}

/** Tags with pictures are the largest packets. */
const largestPacket = 64 * 1024 * 1024;

/**
 * Pages of the first stream of a kind, and of those of that kind that are chained behind it; other streams are left out.
 *
 * @param isKind - Tells by its first packet whether a stream is wanted.
 * @throws {InputError} `undecodable`. What follows the end of the stream is left alone, unless it is an Ogg page.
 */
export async function* oggPackets(
  reader: ByteReader,
  isKind: (first: Uint8Array) => boolean,
): AsyncGenerator<OggPackets> {
  let serial: number | undefined;
  let wasThere = false;
  let open: Uint8Array[] = [];
  for (;;) {
    if (wasThere && serial === undefined && String.fromCharCode(...(await reader.peek(4))) !== 'OggS') return;
    const page = await readOggPage(reader);
    if (!page) return;
    if (serial === undefined && page.isFirst && page.pieces[0] && isKind(page.pieces[0])) {
      serial = page.serial;
      wasThere = true;
      open = [];
    }
    if (page.serial !== serial) continue;
    const { granule, isFirst, isLast, bytes } = page;
    const packets = packetsOf(page, open, reader.name);
    open = packets.open;
    yield { granule, isFirst, isLast, bytes, packets: packets.whole };
    if (isLast) serial = undefined;
  }
}

function packetsOf({ pieces, isContinued, isOpen }: OggPage, open: readonly Uint8Array[], name: string) {
  const whole: Uint8Array[] = [];
  let current = isContinued ? [...open] : [];
  // The rest of a packet whose beginning was not seen.
  const isTorn = isContinued && open.length === 0;
  pieces.forEach((piece, index) => {
    current.push(piece);
    if (index === pieces.length - 1 && isOpen) return;
    if (!(isTorn && index === 0)) whole.push(current.length === 1 ? piece : concatBytes(current));
    current = [];
  });
  const size = current.reduce((sum, { length }) => sum + length, 0);
  if (size > largestPacket) throw undecodable(name, `Ogg packets of at most ${largestPacket} bytes`, 'a larger one');
  return { whole, open: isTorn && pieces.length === 1 ? [] : current };
}
