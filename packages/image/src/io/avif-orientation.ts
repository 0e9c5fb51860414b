/** Boxes between the file and its properties; `meta` has four bytes of version and flags before its content. */
const path = ['meta', 'iprp', 'ipco'] as const;

/**
 * Orientation of an AVIF as an EXIF value. AVIF rotates (`irot`) and mirrors (`imir`) by properties of the picture,
 * which every decoder applies; EXIF inside the file is only a copy.
 *
 * @returns 1..8; 1 where there are no such properties.
 */
export function avifOrientation(bytes: Uint8Array): number {
  let area: Uint8Array | undefined = bytes;
  for (const type of path) {
    area = area && boxes(area).find((box) => box.type === type)?.content;
    area = type === 'meta' ? area?.subarray(4) : area;
  }
  const properties = area ? boxes(area) : [];
  const turn = (properties.find(({ type }) => type === 'irot')?.content[0] ?? 0) & 3;
  const mirror = properties.find(({ type }) => type === 'imir')?.content[0];
  const [plain, mirroredTopBottom, mirroredLeftRight] = orientations[turn]!;
  if (mirror === undefined) {
    return plain;
  }
  return mirror & 1 ? mirroredLeftRight : mirroredTopBottom;
}

/** By quarter turns to the left: without mirroring, with top and bottom exchanged, with left and right exchanged. */
const orientations: readonly (readonly [number, number, number])[] = [
  [1, 4, 2],
  [8, 5, 7],
  [3, 2, 4],
  [6, 7, 5],
];

interface Box {
  readonly type: string;
  readonly content: Uint8Array;
}

function boxes(area: Uint8Array): readonly Box[] {
  const view = new DataView(area.buffer, area.byteOffset, area.length);
  const found: Box[] = [];
  let at = 0;
  while (at + 8 <= area.length) {
    const length = view.getUint32(at);
    if (length < 8 || at + length > area.length) {
      break;
    }
    const type = String.fromCharCode(...area.subarray(at + 4, at + 8));
    found.push({ type, content: area.subarray(at + 8, at + length) });
    at += length;
  }
  return found;
}
