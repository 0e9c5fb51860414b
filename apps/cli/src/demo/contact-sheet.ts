import type { ImageSignal } from '@tesserae/core';

const gap = 8;
const columns = 4;
const background = 245;

/** Pairs of RGB pictures, original left, reconstruction right, row by row on a light ground. */
export function contactSheet(
  pairs: readonly { readonly original: ImageSignal; readonly decoded: ImageSignal }[],
): ImageSignal {
  const cellWidth = Math.max(...pairs.map(({ original }) => original.width)) * 2 + gap / 2;
  const cellHeight = Math.max(...pairs.map(({ original }) => original.height));
  const across = Math.min(columns, pairs.length);
  const down = Math.ceil(pairs.length / across);
  const width = across * (cellWidth + gap) + gap;
  const height = down * (cellHeight + gap) + gap;
  const data = new Uint8Array(width * height * 3).fill(background);
  pairs.forEach(({ original, decoded }, index) => {
    const left = gap + (index % across) * (cellWidth + gap);
    const top = gap + Math.floor(index / across) * (cellHeight + gap);
    paste(data, width, original, left, top);
    paste(data, width, decoded, left + original.width + gap / 2, top);
  });
  return { modality: 'image', width, height, channels: 3, data };
}

function paste(sheet: Uint8Array, sheetWidth: number, picture: ImageSignal, left: number, top: number): void {
  const row = picture.width * 3;
  for (let y = 0; y < picture.height; y += 1) {
    sheet.set((picture.data as Uint8Array).subarray(y * row, (y + 1) * row), ((top + y) * sheetWidth + left) * 3);
  }
}
