import type { ParityRunner } from '@tesserae/core/test';

/** Reads every tensor of a `torch.save` file by its path; the case joins keys with "/", a checkpoint with ".". */
export const runCheckpoint: ParityRunner = async (test, report) => {
  const { file } = test.config as { readonly file: string };
  const checkpoint = await test.checkpoint({ file });
  for (const { name } of test.expectations) {
    const key = name.replaceAll('/', '.');
    const weight = checkpoint.tensor(key);
    report.tensor(name, { shape: weight.shape, data: await weight.read() });
  }
};
