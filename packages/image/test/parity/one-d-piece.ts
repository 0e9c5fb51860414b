import type { HostTensor } from '@tesserae/core';
import type { ParityRunner } from '@tesserae/core/test';
import { parseConfig } from '../../src/one-d-piece/config';
import { oneDPiece } from '../../src/one-d-piece/one-d-piece';
import { reportTaps, titokOverrides } from './titok';

/** Rows of `[B, n]` or `[B, n, T]` up to a length. */
function firstRows({ shape, data }: HostTensor, length: number): HostTensor {
  const width = shape[2] ?? 1;
  return { shape: [1, length, ...shape.slice(2)], data: data.slice(0, length * width) };
}

function paddedWithZeros({ shape, data }: HostTensor, length: number): HostTensor {
  const kept = data.slice();
  kept.fill(0, length * (shape[2] ?? 1));
  return { shape, data: kept };
}

export const runOneDPiece: ParityRunner = async (test, report) => {
  const { official, options } = titokOverrides(test.config);
  const { lengths } = test.config as unknown as { readonly lengths: readonly number[] };
  const model = await test.load(oneDPiece, { config: parseConfig(official, options) });
  const encoded = await model.run('encode', { image: test.input('image', 'nchw-nhwc') });
  reportTaps(report, test, encoded);
  report.tensor('ids', encoded['ids']);
  const [fromIds, fromCodes, output] = model.has('decode')
    ? ['decode', 'decodeCodes', 'image']
    : ['logits', 'logitsOfCodes', 'logits'];
  for (const length of lengths) {
    const decoded = await model.run(fromIds!, { ids: firstRows(encoded['ids']!, length) });
    reportTaps(report, test, decoded, `decode_len${length}.`);
    report.tensor(`recon_len${length}`, decoded[output!], 'nhwc-nchw');
    if (test.expects(`recon_from_zq_len${length}`)) {
      const decodedCodes = await model.run(fromCodes!, { codes: firstRows(encoded['tap:zq']!, length) });
      report.tensor(`recon_from_zq_len${length}`, decodedCodes[output!], 'nhwc-nchw');
    }
    // What padding with zeros gives: stored because it must differ from the prefix.
    if (test.expects(`negative_zero_padded_len${length}`)) {
      const codes = (await model.run('codes', { ids: encoded['ids']! }))['codes']!;
      const padded = await model.run(fromCodes!, { codes: paddedWithZeros(codes, length) });
      report.tensor(`negative_zero_padded_len${length}`, padded[output!], 'nhwc-nchw');
    }
  }
};
