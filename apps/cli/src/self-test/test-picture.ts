import type { ImageSignal } from '@tesserae/core';

/** A picture from integers alone, the same everywhere: two gradients, a disc and stripes. */
export function testPicture(side: number): ImageSignal {
  const data = new Uint8Array(side * side * 3);
  const centre = side / 2;
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const at = (y * side + x) * 3;
      const inside = (x - centre) ** 2 + (y - centre) ** 2 < (side / 3) ** 2;
      data[at] = inside ? 230 : Math.floor((255 * x) / side);
      data[at + 1] = inside ? 120 : Math.floor((255 * y) / side);
      data[at + 2] = Math.floor(x / 8) % 2 === 0 ? 60 : 160;
    }
  }
  return { modality: 'image', width: side, height: side, channels: 3, data };
}
