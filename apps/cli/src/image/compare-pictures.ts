import { stat } from 'node:fs/promises';
import { type ImageSignal, InputError, readTokensFile } from '@tesserae/core/data';
import { msSsim, psnr, ssim } from '@tesserae/core/metrics';
import type { ImageTokenizer } from '@tesserae/image';
import type { CommandContext } from '../command';
import { rounded } from '../compare/rounded';
import type { Facts } from '../inspect/facts';
import { wholeInput } from '../io/media-input';
import { referenceFor, rgbPicture } from '../io/pictures';
import { decodePicture, pictureGroups } from '../io/tile-groups';
import type { ComparedPair, Modality, ModelPool } from '../modality/modality';

/** Five halvings of a window of 11 pixels. */
const smallestForMsSsim = 161;
/** The window of SSIM, pixels. */
const smallestForSsim = 7;

export async function comparePictures(
  context: CommandContext,
  models: ModelPool,
  pair: ComparedPair,
  modality: Modality,
): Promise<Facts> {
  const { name: first } = pair.reference;
  const { name: second } = pair.compared;
  const bytes = await wholeInput(pair.compared);
  const [reference, other, payload] = pair.isTokens
    ? await decodeBeside(context, models, modality, first, bytes)
    : [await rgbPicture(first), await rgbPicture(bytes), undefined];
  if (reference.width !== other.width || reference.height !== other.height) {
    throw new InputError(
      second,
      `${reference.width} x ${reference.height} pixels, as ${first}`,
      `${other.width} x ${other.height}`,
    );
  }
  const side = Math.min(reference.width, reference.height);
  const pixels = reference.width * reference.height;
  return {
    reference: first,
    compared: second,
    width: reference.width,
    height: reference.height,
    psnr: rounded(psnr(reference, other).value, 3),
    ...(side >= smallestForSsim && { ssim: rounded(ssim(reference, other).value, 5) }),
    ...(side >= smallestForMsSsim && {
      msSsim: rounded(msSsim(reference, other).value, 5),
    }),
    referenceBytes: (await stat(first)).size,
    bytes: bytes.length,
    ...(payload !== undefined && { payloadBytes: payload }),
    bitsPerPixel: rounded((8 * (payload ?? bytes.length)) / pixels, 4),
  };
}

async function decodeBeside(
  context: CommandContext,
  models: ModelPool,
  modality: Modality,
  original: string,
  bytes: Uint8Array,
): Promise<readonly [ImageSignal, ImageSignal, number]> {
  const pictures = pictureGroups(readTokensFile(bytes));
  const [picture] = pictures;
  const [tokens] = picture ?? [];
  if (!picture || !tokens || pictures.length > 1)
    throw new InputError('token file', 'the tokens of one picture', `${pictures.length} pictures`);
  const tokenizer = (await models.decoder(modality, tokens)) as ImageTokenizer;
  const decoded = await decodePicture(tokenizer, picture, { signal: context.signal });
  const bits = picture.reduce((sum, { payloadBits }) => sum + payloadBits, 0);
  return [await referenceFor(original, tokens, decoded), decoded, Math.ceil(bits / 8)];
}
