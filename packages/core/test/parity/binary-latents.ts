import type { HostTensor } from '../../src/engine/engine';
import { elmBinaryQuantizer, instellaBinaryQuantizer } from '../../src/quantize/binary';
import { binaryMapperQuantizer } from '../../src/quantize/binary-mapper';
import type { Json } from '../../src/signal/signal';
import type { ParityRunner } from '../../src/test/parity/parity-case';
import { trainBinaryLatent } from '../../src/train/quantize/binary';
import { trainBinaryMapper } from '../../src/train/quantize/binary-mapper';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast, runTraining } from './run-training';

interface CaseConfig {
  readonly impl: string;
  readonly args: Readonly<Record<string, Json>>;
  readonly deterministic?: boolean;
  readonly forward?: Readonly<Record<string, Json>>;
}

/** Binary latents of ELM (channels first) and Instella-T2I. */
export const runBinaryLatent: ParityRunner = async (test, report) => {
  const { impl, args } = test.config as unknown as CaseConfig;
  const isElm = impl === 'elm-bae';
  const quantizer = isElm ? elmBinaryQuantizer : instellaBinaryQuantizer;
  const config = quantizer.parseConfig(args);
  const input = (name: string) => (isElm ? channelsLast(test, name) : test.input(name));
  const layout = (name: string, tensor: HostTensor) =>
    isElm && !name.startsWith('grad_loss.') && !name.startsWith('grad_ct.') ? channelsFirst(tensor) : 'as-is';

  const opened = await openQuantizer(test, quantizer, config);
  const encoded = await opened.encode(input('x'));
  const inputs = Object.fromEntries(test.inputs.map((name) => [name, input(name)]));
  const trained = await runTraining(test, quantizer, config, inputs, (x, params, { uniform }) => ({
    ...trainBinaryLatent(x, params, config, uniform),
  }));
  if (test.inputs.includes('uniform')) {
    const decoded = await opened.decode(trained['bits']!);
    report.tensor('quantized', decoded, layout('quantized', decoded));
    report.all(trained, { layout });
    return;
  }
  report.tensor('loss', trained['loss']);
  report.all(encoded, { layout });
  const decoded = await opened.decode(encoded['bits']!);
  report.tensor('quantized', decoded, layout('quantized', decoded));
};

/** lucidrains' BinaryMapper. */
export const runBinaryMapper: ParityRunner = async (test, report) => {
  const { args, forward = {} } = test.config as unknown as CaseConfig;
  const config = binaryMapperQuantizer.parseConfig(args);
  const x = test.input('x');
  const inputs = Object.fromEntries(test.inputs.map((name) => [name, test.input(name)]));
  const { temperature = 1, straight_through = 'uniform' in inputs, reduce_aux_kl_loss = true } = forward;
  const trained = await runTraining(test, binaryMapperQuantizer, config, inputs, (logits, _params, { uniform }) => {
    const options = { temperature: temperature as number, straightThrough: straight_through as boolean };
    const { oneHot, ids, divergences, loss } = trainBinaryMapper(logits, config, {
      ...options,
      ...(uniform ? { uniform } : {}),
    });
    const auxiliary = reduce_aux_kl_loss ? loss : divergences;
    return { quantized: oneHot, onehot: oneHot, ids, loss: auxiliary, aux_loss: auxiliary };
  });
  report.all(trained);
  const opened = await openQuantizer(test, binaryMapperQuantizer, config);
  if (!('uniform' in inputs)) {
    const { ids, codes } = await opened.encode(x);
    report.tensor('ids', ids);
    report.tensor('onehot', codes);
  }
  const decoded = await opened.decode(trained['ids']!);
  report.equal('decoded', Array.from(decoded.data), Array.from(trained['onehot']!.data, Math.round));
};
