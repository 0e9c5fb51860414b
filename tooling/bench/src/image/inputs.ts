import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostTensor, ImageSignal } from '@tesserae/core';
import { encodeImage } from '@tesserae/image';
import type { TitokConfig } from '../../../../packages/image/src/titok/config';
import type { Direction } from '../direction';
import { storeTensor } from '../store-tensor';

/** A picture with edges, slopes and grain, another one for every index; bytes. */
export function testPicture(size: number, index = 0): ImageSignal {
  const data = new Uint8Array(size * size * 3);
  let state = 12345 + index;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const grain = (state >>> 24) / 8;
      const disc = (x - size / 2) ** 2 + (y - size / (2 + index)) ** 2 < (size / 4) ** 2 ? 90 : 0;
      const at = (y * size + x) * 3;
      data[at] = (x * 150) / size + grain + disc / 2;
      data[at + 1] = (y * 150) / size + grain + disc;
      data[at + 2] = 128 + 60 * Math.sin((x + y) / 9) + grain;
    }
  }
  return { modality: 'image', width: size, height: size, channels: 3, data };
}

/** The input of a model function for a batch: pictures, or ids spread over the codebook. */
export function modelInput(direction: Direction, config: TitokConfig, batch: number): HostTensor {
  return direction === 'encode' ? pictures(config.imageSize, batch) : ids(config, batch);
}

function pictures(size: number, batch: number): HostTensor {
  const one = size * size * 3;
  const data = new Float32Array(batch * one);
  for (let index = 0; index < batch; index += 1) {
    testPicture(size, index).data.forEach((value, at) => {
      data[index * one + at] = value / 255;
    });
  }
  return { shape: [batch, size, size, 3], data };
}

function ids({ latentTokens, codebookSize }: TitokConfig, batch: number): HostTensor {
  const data = Int32Array.from(
    { length: batch * latentTokens },
    (_, index) => (Math.imul(index + 1, 2654435761) >>> 0) % codebookSize,
  );
  return { shape: [batch, latentTokens], data };
}

/** Writes an input as raw numbers, for the program on the other side. @returns The path. */
export function writeInput(folder: string, name: string, input: HostTensor): string {
  return storeTensor(join(folder, name), input);
}

export async function writePicture(folder: string, size: number): Promise<string> {
  const path = join(folder, `picture-${size}.png`);
  writeFileSync(path, await encodeImage(testPicture(size)));
  return path;
}
