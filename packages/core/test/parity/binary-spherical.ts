import { bsqQuantizer, decodeBsqGroups } from '../../src/quantize/bsq';
import type { Json } from '../../src/signal/signal';
import type { ParityRunner } from '../../src/test/parity/parity-case';
import { trainBsq } from '../../src/train/quantize/bsq';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast, runTraining } from './run-training';

/** bsq-vit's BinarySphericalQuantizer, with the normalization that its model does in front. */
export const runBsq: ParityRunner = async (test, report) => {
  const { args, normalize_input = false } = test.config as unknown as {
    readonly args: Readonly<Record<string, Json>>;
    readonly normalize_input?: boolean;
  };
  const config = bsqQuantizer.parseConfig({ ...args, normalize_input });
  const isMap = (args['input_format'] ?? 'bchw') === 'bchw';
  const input = (name: string) => (isMap ? channelsLast(test, name) : test.input(name));

  const opened = await openQuantizer(test, bsqQuantizer, config);
  const { ids, bits, groupIds, codes } = await opened.encode(input('x'));
  const inputs = Object.fromEntries(test.inputs.map((name) => [name, input(name)]));
  const trained = await runTraining(test, bsqQuantizer, config, inputs, (x) => ({ ...trainBsq(x, config) }));
  report.equal('training bits', Array.from(trained['bits']!.data), Array.from(bits!.data));
  report.equal('codes', equal(codes!.data, trained['quantized']!.data), true);

  const maps = { quantized: trained['quantized'], normalized: trained['latents'] };
  const gradients = Object.fromEntries(Object.entries(trained).filter(([name]) => name.startsWith('grad_x')));
  report.all({ ...maps, ...gradients } as typeof trained, {
    layout: (_, tensor) => (isMap ? channelsFirst(tensor) : 'as-is'),
  });
  report.all({
    loss: trained['loss']!,
    batch_entropy: trained['batchEntropy']!,
    avg_prob: trained['meanProbabilities']!,
    group_ids: groupIds!,
    bits: bits!,
    ...(ids ? { ids } : {}),
  });
  if (test.expects('ids_official_float_sum_WRONG')) {
    // The official float32 sums, kept as a warning: they are off by their rounding, which the tolerance covers.
    report.tensor('ids_official_float_sum_WRONG', {
      shape: bits!.shape.slice(0, -1),
      data: exactIds(bits!.data, config.dim),
    });
  }
  const decoded = await test.evaluate((given) => ({ codes: decodeBsqGroups(given['groups']!, config) }), {
    groups: groupIds!,
  });
  const [batch, dim] = [bits!.shape[0]!, config.dim];
  report.tensor('decoded_from_group_ids', {
    shape: [batch, bits!.data.length / batch / dim, dim],
    data: decoded['codes']!.data,
  });
  if (test.expects('decoded')) {
    const whole = await opened.decode(ids ?? bits!);
    report.tensor('decoded', { shape: test.expected('decoded').shape, data: whole.data });
  }
};

/** Whole ids in doubles, which hold 53 bits: the first bit is the most significant. */
function exactIds(bits: ArrayLike<number>, count: number): Float64Array {
  const ids = new Float64Array(bits.length / count);
  for (let index = 0; index < bits.length; index += 1) {
    const token = Math.floor(index / count);
    ids[token] = ids[token]! * 2 + bits[index]!;
  }
  return ids;
}

function equal(first: ArrayLike<number>, second: ArrayLike<number>): boolean {
  return Array.from(first).every((value, index) => value === second[index]);
}
