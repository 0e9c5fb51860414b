import type { Tensors } from '../../src/engine/engine';
import type { HostTensor } from '../../src/engine/engine';
import {
  gaussianDivergence,
  gaussianNegativeLogLikelihood,
  gaussianPosterior,
  posteriorMode,
  samplePosterior,
} from '../../src/quantize/gaussian';
import { latentQuantizer } from '../../src/quantize/latent';
import { ptqLevels, ptqQuantizer } from '../../src/quantize/ptq';
import type { Json } from '../../src/signal/signal';
import type { ParityRunner } from '../../src/test/parity/parity-case';
import { trainLatent } from '../../src/train/quantize/latent';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast, runTraining } from './run-training';

type Arguments = Readonly<Record<string, Json>>;

/** lucidrains' LatentQuantize, which always takes channels first. */
export const runLatent: ParityRunner = async (test, report) => {
  const { args, train = false } = test.config as unknown as { readonly args: Arguments; readonly train?: boolean };
  const config = latentQuantizer.parseConfig(args);
  const layout = (name: string, tensor: HostTensor) =>
    name.includes('ids') || name.startsWith('grad_loss.') || name === 'loss' ? 'as-is' : channelsFirst(tensor);
  const opened = await openQuantizer(test, latentQuantizer, config);
  const { ids, codes } = await opened.encode(channelsLast(test, 'x'));
  report.tensor('ids', ids);
  const inputs = Object.fromEntries(test.inputs.map((name) => [name, channelsLast(test, name)]));
  const trained = await runTraining(test, latentQuantizer, config, inputs, (x, params) => ({
    ...trainLatent(x, params, config),
  }));
  report.equal('training ids', Array.from(trained['ids']!.data), Array.from(ids!.data));
  report.all(train ? trained : { quantized: codes! }, { layout });
  // No loss in evaluation.
  if (!train && test.expects('loss')) report.tensor('loss', { shape: [], data: new Float32Array(1) });
  const decoded = await opened.decode(ids!);
  if (test.expects('decoded')) report.tensor('decoded', decoded, layout('decoded', decoded));
};

/** The diagonal Gaussian of latent diffusion, MAR and TokenBridge. */
export const runGaussian: ParityRunner = async (test, report) => {
  const inputs = Object.fromEntries(test.inputs.map((name) => [name, channelsLast(test, name)]));
  const outputs = await test.evaluate((given: Tensors): Tensors => {
    const posterior = gaussianPosterior(given['moments']!);
    const sample = samplePosterior(posterior, given['noise']!);
    return {
      sample,
      mode: posteriorMode(posterior),
      logvar: posterior.logVariance,
      kl: gaussianDivergence(posterior),
      nll: gaussianNegativeLogLikelihood(posterior, sample),
      ...(given['other'] ? { kl_to_other: gaussianDivergence(posterior, gaussianPosterior(given['other'])) } : {}),
    };
  }, inputs);
  report.all(outputs, { layout: (_, tensor) => channelsFirst(tensor) });
};

/** TokenBridge's post-training quantization, whose arguments stand in the configuration itself. */
export const runPtq: ParityRunner = async (test, report) => {
  const { bits, min, max, std_range } = test.config as Arguments;
  const config = ptqQuantizer.parseConfig({
    bits: bits!,
    min_range: min ?? null,
    max_range: max ?? null,
    std_range: std_range ?? null,
    precision: 'float32',
  });
  const opened = await openQuantizer(test, ptqQuantizer, config);
  const { ids, codes } = await opened.encode(test.input('x'));
  report.tensor('ids', ids);
  report.tensor('dequantized', codes);
  const levels = ptqLevels(config);
  report.tensor('levels', { shape: [levels.length], data: levels });
  report.equal('decoded', Array.from((await opened.decode(ids!)).data), Array.from(codes!.data));
};
