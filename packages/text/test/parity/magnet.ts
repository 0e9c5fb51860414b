import type { HostTensor } from '@tesserae/core';
import type { ParityRunner } from '@tesserae/core/test';
import { segmentSlots } from '../../src/magnet/boundaries';
import { boundaryLoss, countBoundaries } from '../../src/magnet/boundary-loss';
import { parsePoolingConfig } from '../../src/magnet/config';
import { magnetPooling } from '../../src/magnet/magnet-pooling';

export const runMagnet: ParityRunner = async (test, report) => {
  const config = parsePoolingConfig(test.config);
  const model = await test.load(magnetPooling, { config });
  const hidden = test.input('hidden', 'lnd-nld');
  const [, length] = hidden.shape as [number, number];
  const pool = async (name: string, boundaries: HostTensor) => {
    const data = segmentSlots(boundaries.data, length);
    const inputs = { boundaries, slots: { shape: [data.length], data } };
    const { means, segments } = await model.run('pool', { ...inputs, hidden });
    report.tensor(`${name}.down`, means, 'lnd-nld');
    const isNormalized = test.expects(`${name}.downNorm`);
    if (isNormalized) report.tensor(`${name}.downNorm`, segments, 'lnd-nld');
    const spread = await model.run('spread', { ...inputs, segments: (isNormalized ? segments : means)! });
    report.tensor(`${name}.up`, spread['hidden'], 'lnd-nld');
  };
  for (const script of Object.keys(config.priors)) {
    const noise = test.input(`${script}.noise`);
    const { logits, soft, hard } = await model.run(`sample ${script}`, { hidden, noise });
    report.tensor(`${script}.logits`, logits);
    report.tensor(`${script}.soft`, soft);
    report.tensor(`${script}.hard`, hard);
    const counts = countBoundaries(hard!.data, length, test.input('attentionMask').data);
    report.tensor(`${script}.loss`, {
      shape: [1],
      data: Float64Array.of(boundaryLoss(counts, config.priors[script]!)),
    });
    await pool(script, hard!);
  }
  for (const { name } of test.expectations) {
    const found = /^(?<fixed>fixed\..*)\.boundaries$/u.exec(name)?.groups?.['fixed'];
    if (found !== undefined) await pool(found, test.input(name));
  }
};
