import { stat } from 'node:fs/promises';
import { type ImageSignal, readTokensFile } from '@tesserae/core/data';
import { InputError } from '@tesserae/core/data';
import { msSsim, psnr, ssim } from '@tesserae/core/metrics';
import { type CommandContext, UsageError } from '../command';
import { engineOption } from '../io/engine-option';
import { readBytes } from '../io/files';
import { loadTokenizer, modelOfTokens } from '../io/load-tokenizer';
import { referenceFor, rgbPicture } from '../io/pictures';
import { decodePicture, pictureGroups } from '../io/tile-groups';

/** Five halvings of a window of 11 pixels. */
const smallestForMsSsim = 161;
/** The window of SSIM, pixels. */
const smallestForSsim = 7;

export async function compare(context: CommandContext): Promise<number> {
  const [first, second] = context.positionals;
  if (first === undefined || second === undefined || context.positionals.length > 2) {
    throw new UsageError('expected a picture and a second picture or a token file.');
  }
  engineOption(context);
  const bytes = await readBytes(second, context.signal);
  const isTokens = new TextDecoder().decode(bytes.subarray(0, 4)) === 'TOK1';
  const [reference, other, payload] = isTokens
    ? await decodeBeside(context, first, bytes)
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
  const facts = {
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
  for (const [key, value] of Object.entries(facts)) context.output.line(`${key.padEnd(16)} ${value}`);
  context.output.result(facts);
  return 0;
}

async function decodeBeside(
  context: CommandContext,
  original: string,
  bytes: Uint8Array,
): Promise<readonly [ImageSignal, ImageSignal, number]> {
  const pictures = pictureGroups(readTokensFile(bytes));
  const [picture] = pictures;
  const [tokens] = picture ?? [];
  if (!picture || !tokens || pictures.length > 1)
    throw new InputError('token file', 'the tokens of one picture', `${pictures.length} pictures`);
  const tokenizer = await loadTokenizer(context, modelOfTokens(context, tokens));
  try {
    const decoded = await decodePicture(tokenizer, picture, { signal: context.signal });
    const bits = picture.reduce((sum, { payloadBits }) => sum + payloadBits, 0);
    return [await referenceFor(original, tokens, decoded), decoded, Math.ceil(bits / 8)];
  } finally {
    await tokenizer.dispose();
  }
}

function rounded(value: number, digits: number): number {
  return Number.isFinite(value) ? Number(value.toFixed(digits)) : value;
}
