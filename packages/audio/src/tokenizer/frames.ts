import type { HostTensor, HostTensors } from '@tesserae/core';

/** Frames `from` to `to` of `[rows, 1, frames]`: ids or margins. */
export function framesOf({ shape, data }: HostTensor, from: number, to: number): HostTensor {
  const [rows = 0, , frames = 0] = shape;
  const size = rows * (to - from);
  const out = data instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
  for (let row = 0; row < rows; row += 1) {
    out.set(data.subarray(row * frames + from, row * frames + to), row * (to - from));
  }
  return { shape: [rows, 1, to - from], data: out };
}

/** `ids` and `margins` of `[codebooks, 1, frames]` joined along the frames. */
export function joinCodes(parts: readonly HostTensors[]): HostTensors {
  if (parts.length === 1) return parts[0]!;
  const margins = parts.flatMap((part) => (part['margins'] ? [part['margins']] : []));
  return {
    ids: joinFrames(parts.map((part) => part['ids']!)),
    ...(margins.length === parts.length && { margins: joinFrames(margins) }),
  };
}

/** Tensors of `[rows, 1, frames]` joined along the last axis. */
export function joinFrames(parts: readonly HostTensor[]): HostTensor {
  const rows = parts[0]!.shape[0]!;
  const total = parts.reduce((sum, { shape }) => sum + shape[2]!, 0);
  const data = parts[0]!.data instanceof Int32Array ? new Int32Array(rows * total) : new Float32Array(rows * total);
  let at = 0;
  for (const part of parts) {
    const frames = part.shape[2]!;
    for (let row = 0; row < rows; row += 1) {
      data.set(part.data.subarray(row * frames, (row + 1) * frames), row * total + at);
    }
    at += frames;
  }
  return { shape: [rows, 1, total], data };
}
