import { fspQuantizer } from '../../src/quantize/fsp';
import type { Json } from '../../src/signal/signal';
import type { ParityRunner } from '../../src/test/parity/parity-case';
import { trainFsp } from '../../src/train/quantize/fsp';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast, runTraining } from './run-training';

/** lucidrains' FSP; cases without draws are in evaluation mode, where the loss is computed as well. */
export const runFsp: ParityRunner = async (test, report) => {
  const { args } = test.config as unknown as { readonly args: Readonly<Record<string, Json>> };
  const config = fspQuantizer.parseConfig(args);
  const moved = args['channel_first'] === true;
  const input = (name: string) => (moved ? channelsLast(test, name) : test.input(name));
  const layout = (name: string, tensor: Parameters<typeof channelsFirst>[0]) =>
    moved && (name.includes('quantized') || name.includes('_x_') || name === 'decoded')
      ? channelsFirst(tensor)
      : 'as-is';

  const quantizer = await openQuantizer(test, fspQuantizer, config);
  const encoded = await quantizer.encode(input('x'));
  report.tensor('ids', encoded['ids']);
  if (test.expects('decoded')) {
    const decoded = await quantizer.decode(encoded['ids']!);
    report.tensor('decoded', decoded, layout('decoded', decoded));
  }
  const inputs = Object.fromEntries(test.inputs.map((name) => [name, input(name)]));
  // In the order in which the official code draws them.
  const [first, second] = test.inputs.filter((name) => name !== 'x' && name !== 'ct');
  const trained = await runTraining(test, fspQuantizer, config, inputs, (x, params, given) => {
    const draws = first && second ? { perturbation: given[first]!, choice: given[second]! } : undefined;
    const { moments: _, ...results } = trainFsp(x, params, config, draws);
    return results;
  });
  if (!second) report.tensor('quantized', encoded['codes'], layout('quantized', encoded['codes']!));
  report.all(trained, { layout });
};
