/** Whether the orientation mirrors left and right, flips up and down, and swaps the axes (in this order of reading). */
const moves: Readonly<Record<number, { readonly swap: boolean; readonly flipX: boolean; readonly flipY: boolean }>> = {
  2: { swap: false, flipX: true, flipY: false },
  3: { swap: false, flipX: true, flipY: true },
  4: { swap: false, flipX: false, flipY: true },
  5: { swap: true, flipX: false, flipY: false },
  6: { swap: true, flipX: true, flipY: false },
  7: { swap: true, flipX: true, flipY: true },
  8: { swap: true, flipX: false, flipY: true },
};

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
}

/** Undoes {@link uprightPixels}: the pixels as the camera stored them. */
export function storedPixels(pixels: Pixels, orientation: number): Pixels {
  const quarterTurn = orientation === 6 || orientation === 8;
  return uprightPixels(pixels, quarterTurn ? 14 - orientation : orientation);
}

/** Turns the pixels upright: undoes an EXIF orientation (2..8; anything else changes nothing). */
export function uprightPixels(pixels: Pixels, orientation: number): Pixels {
  const move = moves[orientation];
  if (!move) {
    return pixels;
  }
  const { width, height, channels, data } = pixels;
  const [newWidth, newHeight] = move.swap ? [height, width] : [width, height];
  const out = new Uint8Array(data.length);
  let at = 0;
  for (let y = 0; y < newHeight; y++) {
    const v = move.flipY ? newHeight - 1 - y : y;
    for (let x = 0; x < newWidth; x++) {
      const u = move.flipX ? newWidth - 1 - x : x;
      const from = (move.swap ? u * width + v : v * width + u) * channels;
      for (let channel = 0; channel < channels; channel++) {
        out[at++] = data[from + channel]!;
      }
    }
  }
  return { width: newWidth, height: newHeight, channels, data: out };
}
