import type { HostTensor, HostTensors, Json, Model } from '@tesserae/core';
import { applyLayout, type Layout, type ParityCase, type ParityReport, type ParityRunner } from '@tesserae/core/test';
import { parseConfig as parseVqganConfig } from '../../src/maskgit-vqgan/config';
import { parseConfig, type ParseTitokOptions, type TitokConfig, type VitSize } from '../../src/titok/config';
import { titok } from '../../src/titok/titok';

type Config = {
  readonly official: Json;
  readonly sizeClasses?: Readonly<Record<string, VitSize>>;
  readonly pixelDecoder?: Json;
};

/** The overrides of a case, in our terms. */
export function titokOverrides(config: Json): { readonly official: Json; readonly options: ParseTitokOptions } {
  const { official, sizeClasses, pixelDecoder } = config as unknown as Config;
  return {
    official,
    options: {
      ...(sizeClasses && { sizes: sizeClasses }),
      ...(pixelDecoder !== undefined && { pixelDecoder: parseVqganConfig(pixelDecoder) }),
    },
  };
}

/** Our names and layouts of taps to the official ones. */
export function reportTaps(report: ParityReport, test: ParityCase, outputs: HostTensors, prefix = ''): void {
  for (const [key, value] of Object.entries(outputs)) {
    if (!key.startsWith('tap:')) continue;
    for (const [name, layout] of officialTap(key.slice('tap:'.length), value)) {
      if (test.expects(prefix + name)) report.tensor(prefix + name, value, layout);
    }
  }
}

function officialTap(name: string, { shape }: HostTensor): readonly (readonly [string, Layout])[] {
  if (/block\d+(\.attn)?$/.test(name)) return [[`${name}_LND`, 'lnd-nld']];
  if (name === 'z' || name === 'zq') return [[name, 'nlc-ncl']];
  if (name === 'encoder.conv_out') return [['encoder.conv_out_raw', 'nlc-ncl']];
  if (name === 'decoder.logits')
    return [
      ['decoder.logits', 'nhwc-nchw'],
      ['decoder.ffn_logits', 'nhwc-nchw'],
    ];
  return [[name, shape.length === 4 ? 'nhwc-nchw' : 'as-is']];
}

/** `[B, T, 1, N]` to `[B, N, T]`. */
function fromOfficial({ shape, data }: HostTensor): HostTensor {
  return applyLayout({ shape: [shape[0]!, shape[1]!, shape[3]!], data }, 'ncl-nlc');
}

export const runTitok: ParityRunner = async (test, report) => {
  const { official, options } = titokOverrides(test.config);
  const model = await test.load(titok, { config: parseConfig(official, options) });
  const image = test.input('image', 'nchw-nhwc');
  await (model.config.quantizeMode === 'vae'
    ? runGaussian(test, report, model, image)
    : runCodebook(test, report, model, image));
};

async function runCodebook(
  test: ParityCase,
  report: ParityReport,
  model: Model<TitokConfig>,
  image: HostTensor,
): Promise<void> {
  const encoded = await model.run('encode', { image });
  reportTaps(report, test, encoded);
  report.tensor('ids', encoded['ids']);
  const codes = { codes: encoded['tap:zq']! };
  const ids = { ids: encoded['ids']! };
  if (!model.has('decode')) {
    const logits = await model.run('logitsOfCodes', codes);
    reportTaps(report, test, logits);
    report.tensor('logits', logits['logits'], 'nhwc-nchw');
    report.tensor('vqgan_ids', (await model.run('logits', ids))['vqganIds']);
    return;
  }
  const decoded = await model.run('decodeCodes', codes);
  reportTaps(report, test, decoded);
  report.tensor('recon', decoded['image'], 'nhwc-nchw');
  report.tensor('recon_from_ids', (await model.run('decode', ids))['image'], 'nhwc-nchw');
}

async function runGaussian(
  test: ParityCase,
  report: ParityReport,
  model: Model<TitokConfig>,
  image: HostTensor,
): Promise<void> {
  const latents = await model.run('latents', { image });
  reportTaps(report, test, latents);
  report.tensor('parameters', latents['latents'], 'nlc-ncl');
  const posterior = await model.run('encode', { image });
  report.tensor('mean', posterior['mean'], 'nlc-ncl');
  report.tensor('logvar', posterior['logVariance'], 'nlc-ncl');
  const sampled = await model.run('encodeSample', { image, noise: fromOfficial(test.input('noise')) });
  report.tensor('sample', sampled['mean'], 'nlc-ncl');
  const [name, output] = model.has('decode') ? ['decode', 'image'] : ['logitsOfCodes', 'logits'];
  const mode = await model.run(name!, { codes: posterior['mean']! });
  report.tensor('recon_mode', mode[output!], 'nhwc-nchw');
  const drawn = await model.run(name!, { codes: sampled['mean']! });
  reportTaps(report, test, drawn);
  report.tensor('recon_sample', drawn[output!], 'nhwc-nchw');
}
