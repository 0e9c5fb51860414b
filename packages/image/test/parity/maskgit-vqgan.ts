import type { HostTensor, Json } from '@tesserae/core';
import type { ParityRunner } from '@tesserae/core/test';
import { parseConfig } from '../../src/maskgit-vqgan/config';
import { maskgitVqgan } from '../../src/maskgit-vqgan/maskgit-vqgan';

/** A flat list of ids to the square grid that it fills. */
function square({ shape, data }: HostTensor): HostTensor {
  const side = Math.sqrt(shape[1]!);
  return { shape: [shape[0]!, side, side], data };
}

function flat({ shape, data }: HostTensor): HostTensor {
  return { shape: [shape[0]!, shape.slice(1).reduce((product, length) => product * length, 1)], data };
}

/** The hub layout of the open-muse port. */
export const runMaskgitVqgan: ParityRunner = async (test, report) => {
  const { args } = test.config as unknown as { readonly args: Json };
  const model = await test.load(maskgitVqgan, { config: parseConfig(args) });
  const encoded = await model.run('encode', { image: test.input('x', 'nchw-nhwc') });
  report.tensor('conv_in', encoded['tap:encoder.conv_in'], 'nhwc-nchw');
  report.tensor('enc_level0', encoded['tap:encoder.down0'], 'nhwc-nchw');
  report.tensor('encoder_mid', encoded['tap:encoder.mid'], 'nhwc-nchw');
  report.tensor('z', encoded['tap:encoder.z'], 'nhwc-nchw');
  report.tensor('ids', flat(encoded['ids']!));
  const decoded = await model.run('decode', { ids: encoded['ids']! });
  report.tensor('quantized', decoded['tap:decoder.input'], 'nhwc-nchw');
  report.tensor('dec_conv_in', decoded['tap:decoder.conv_in'], 'nhwc-nchw');
  report.tensor('decoder_mid', decoded['tap:decoder.mid_out'], 'nhwc-nchw');
  report.tensor('reconstruction', decoded['tap:decoder.out_unclamped'], 'nhwc-nchw');
  report.tensor('clamped', decoded['image'], 'nhwc-nchw');
  report.tensor('decoded_from_ids', decoded['tap:decoder.out_unclamped'], 'nhwc-nchw');
};

/** The same network as the TiTok repository wraps it. */
export const runTitokVqgan: ParityRunner = async (test, report) => {
  const { pixelDecoder, num_embeddings: codes } = test.config as unknown as {
    readonly pixelDecoder: Readonly<Record<string, Json>>;
    readonly num_embeddings: number;
  };
  const model = await test.load(maskgitVqgan, { config: parseConfig({ ...pixelDecoder, num_embeddings: codes }) });
  const encoded = await model.run('encode', { image: test.input('image', 'nchw-nhwc') });
  const { ids, ...taps } = encoded;
  report.all(taps, { layout: 'nhwc-nchw' });
  report.tensor('ids', flat(ids!));
  const decoded = await model.run('decode', { ids: ids! });
  report.all(decoded, { layout: 'nhwc-nchw' });
  report.tensor('recon', decoded['image'], 'nhwc-nchw');
  const other = await model.run('decode', { ids: square(test.input('ids')) });
  report.tensor('recon_from_input_ids', other['image'], 'nhwc-nchw');
};
