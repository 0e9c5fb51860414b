import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, Json } from '@tesserae/core';
import type { ParityRunner } from '@tesserae/core/test';
import { fixedDeleteGate } from '../../src/mrt5/baseline-gates';
import { type Mrt5Config, parseConfig } from '../../src/mrt5/config';
import { softmax1 } from '../../src/mrt5/delete-gate';
import { deletePositions, deletePositionsOfBias } from '../../src/mrt5/delete-positions';
import { keptPositions } from '../../src/mrt5/kept-positions';
import { mrt5 } from '../../src/mrt5/mrt5';

export const runMrt5: ParityRunner = async (test, report) => {
  const config = await caseConfig(test.config, (await test.checkpoint()).keys());
  const hidden = test.input('input.hidden');
  const ids = test.input('input.ids');
  const [batch, length] = ids.shape as [number, number];
  const gate = await (await test.load(mrt5, { config })).run('gate', { hidden, ids });
  report.tensor('gate.logits', gate['logits']);
  report.tensor('gate.values', gate['values']);
  if (test.expects('gate.logSigmoid')) {
    const logSigmoid = await test.load(mrt5, { config: { ...config, deletionType: 'log_sigmoid' } });
    // The case ran this gate without padding.
    const tokens = { ...ids, data: Int32Array.from(ids.data, (id) => Math.max(id, 1)) };
    report.tensor('gate.logSigmoid', (await logSigmoid.run('gate', { hidden, ids: tokens }))['values']);
  }
  if (test.expects('gate.fixed')) {
    const rows = Array.from({ length: batch }, (_, row) => ids.data.subarray(row * length, (row + 1) * length));
    const data = fixedDeleteGate(rows, { amount: config.fixedAmount, scale: config.scale });
    report.tensor('gate.fixed', { shape: [batch, length, 1], data });
  }
  const kept = keptPositions(gate['values']!.data as Float32Array, batch, config.threshold);
  const positions: HostTensor = { shape: [batch, kept.length], data: kept.positions };
  report.tensor('positions', positions);
  report.tensor('mask', { shape: [batch, kept.length, 1], data: kept.mask });
  const bias = test.input('bias.in');
  const shortened = await test.evaluate(
    (inputs) => ({
      hidden: deletePositions(inputs['hidden'] as tf.Tensor3D, inputs['positions'] as tf.Tensor2D),
      bias: deletePositionsOfBias(inputs['bias'] as tf.Tensor4D, inputs['positions'] as tf.Tensor2D),
    }),
    { hidden, positions, bias },
  );
  report.tensor('hidden.deleted', shortened['hidden']);
  report.tensor('bias.deleted', shortened['bias']);
  const scores = test.input('softmax1.in');
  report.tensor('softmax1.out', (await test.evaluate(({ x }) => ({ y: softmax1(x!) }), { x: scores }))['y']);
};

/** The case does not say which block the gate is in: its keys do. */
async function caseConfig(json: Json, keys: readonly string[]): Promise<Mrt5Config> {
  const config = parseConfig(json);
  const found = keys.map((key) => /^encoder\.block\.(\d+)\.delete_gate\./u.exec(key)?.[1]).find(Boolean);
  const hasNorm = keys.some((key) => key.includes('.delete_gate.layer_norm.'));
  return { ...config, hasNorm, layer: found === undefined ? config.layer : Number(found) };
}
