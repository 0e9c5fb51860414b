import { oggCrc } from './ogg-pages';

/** One page to be written. */
export interface WrittenPage {
  readonly packets: readonly Uint8Array[];
  /** Position in samples after its last packet. */
  readonly granule: number;
  readonly isFirst?: boolean;
  readonly isLast?: boolean;
}

/** Segments of a page. */
const largestTable = 255;

/** Packets of these lengths fit on one page. */
export function fitsOnPage(lengths: readonly number[]): boolean {
  return lengths.reduce((sum, length) => sum + segmentsOf(length), 0) <= largestTable;
}

/** Writes the pages of one logical stream. */
export function oggWriter(serial: number) {
  let sequence = 0;
  return ({ packets, granule, isFirst = false, isLast = false }: WrittenPage): Uint8Array => {
    const table = packets.flatMap(({ length }) => [
      ...new Array<number>(segmentsOf(length) - 1).fill(255),
      length % 255,
    ]);
    const bytes = packets.reduce((sum, { length }) => sum + length, 0);
    const page = new Uint8Array(27 + table.length + bytes);
    const view = new DataView(page.buffer);
    page.set([0x4f, 0x67, 0x67, 0x53, 0, (isFirst ? 2 : 0) | (isLast ? 4 : 0)]);
    view.setBigInt64(6, BigInt(granule), true);
    view.setUint32(14, serial, true);
    view.setUint32(18, sequence, true);
    page[26] = table.length;
    page.set(table, 27);
    let at = 27 + table.length;
    for (const packet of packets) {
      page.set(packet, at);
      at += packet.length;
    }
    view.setUint32(22, oggCrc(page), true);
    sequence += 1;
    return page;
  };
}

function segmentsOf(length: number): number {
  return Math.floor(length / 255) + 1;
}
