import { readRawBytes, type Checkpoint } from '@tesserae/core';
import type { MeasuredTensor, ParityRunner } from '@tesserae/core/test';

/** Reads every tensor of a `torch.save` file by its path; the case joins keys with "/", a checkpoint with ".". */
export const runCheckpoint: ParityRunner = async (test, report) => {
  const { file } = test.config as { readonly file: string };
  const checkpoint = await test.checkpoint({ file });
  for (const { name } of test.expectations)
    report.tensor(name, await exactValues(checkpoint, name.replaceAll('/', '.')));
};

/** 64-bit types keep all of their bits; everything else is widened as models read it. */
async function exactValues(checkpoint: Checkpoint, key: string): Promise<MeasuredTensor> {
  const shape = checkpoint.shape(key);
  const dtype = checkpoint.dtype(key);
  if (dtype !== 'I64' && dtype !== 'F64') return { shape, data: await checkpoint.tensor(key).read() };
  const bytes = await readRawBytes(checkpoint, key);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = Float64Array.from({ length: bytes.byteLength / 8 }, (_, index) =>
    dtype === 'F64' ? view.getFloat64(index * 8, true) : Number(view.getBigInt64(index * 8, true)),
  );
  return { shape, data };
}
