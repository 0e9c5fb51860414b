import { choiceOption, type CommandContext, countOption, flag, sizeOption, textOption, UsageError } from '../command';
import type { Modality } from '../modality/modality';
import { describeTreatment, readingNotes } from '../output/describe-source';
import { pictureFormatOf, pictureFormats } from './picture-formats';

/** Pictures for the commands that all kinds of signals share. */
export const imageModality: Modality = {
  name: 'image',
  noun: 'picture',
  nouns: 'pictures',
  starter: 'image-starter',
  endings: ['png', 'jpg', 'jpeg', 'webp', 'avif', 'tif', 'tiff', 'gif'],
  formats: pictureFormats,
  encodeOptions: {
    fit: {
      type: 'string',
      valueHint: 'crop|pad|squash|tiles',
      description: 'What happens to a picture of another shape (default: crop)',
    },
    tile: {
      type: 'string',
      valueHint: 'pixels',
      description: 'Side of the squares of --fit tiles (default: what the model takes)',
    },
    overlap: { type: 'string', valueHint: 'pixels', description: 'What neighboring tiles share (default: 0)' },
    orient: {
      type: 'string',
      valueHint: 'none|exif',
      description: "exif rotates as the file says (default: none, as the papers' loaders)",
    },
  },
  decodeOptions: {
    quality: { type: 'string', valueHint: '1..100', description: 'Quality of lossy picture formats' },
  },
  registry: async () => (await import('@tesserae/image')).imageTokenizers,
  encoding(context) {
    const settings = encodeSettings(context);
    return {
      claimsInput: false,
      async *items(tokenizer, input, run) {
        const { encodePicture } = await import('./encode-picture');
        yield* await encodePicture(tokenizer, input, settings, run);
      },
      streams: () => false,
      describe: ({ items, source }) => ({
        before: items > 1 ? [`${items} tiles`] : [],
        behind: [describeTreatment(source)].filter((text) => text !== undefined),
      }),
      notes: readingNotes,
    };
  },
  decoding(context) {
    const settings = decodeSettings(context);
    return {
      ending: `.${settings.format === 'jpeg' ? 'jpg' : settings.format}`,
      async *groups(items) {
        const { pictureItems } = await import('./decode-picture');
        yield* pictureItems(items);
      },
      async write(tokenizer, group, path, run) {
        const { writePicture } = await import('./decode-picture');
        return writePicture(tokenizer, group, path, { ...settings, run });
      },
      describe: ({ width, height }) => `${width} x ${height}`,
    };
  },
  fileFacts: async (input, { signal }) => (await import('./picture-facts')).pictureFacts(input, signal),
  tokensFacts: async (items) => (await import('./picture-facts')).pictureRate(items),
  compare: async (context, models, pair) =>
    (await import('./compare-pictures')).comparePictures(context, models, pair, imageModality),
};

export interface EncodeSettings {
  readonly pipeline?: string;
  readonly prefix?: number;
  readonly fit?: 'crop' | 'pad' | 'squash';
  readonly orient?: 'none' | 'exif';
  /** Cut into squares instead of fitting the whole. */
  readonly tiles?: { readonly size?: number; readonly overlap?: number };
}

function encodeSettings(context: CommandContext): EncodeSettings {
  const pipeline = textOption(context, 'pipeline');
  const prefix = countOption(context, 'prefix');
  const fit = choiceOption(context, 'fit', ['crop', 'pad', 'squash', 'tiles']);
  const orient = choiceOption(context, 'orient', ['none', 'exif']);
  const size = countOption(context, 'tile');
  const overlap = sizeOption(context, 'overlap');
  if (fit !== 'tiles' && (size !== undefined || overlap !== undefined))
    throw new UsageError('--tile and --overlap need --fit tiles.');
  return {
    ...(pipeline !== undefined && { pipeline }),
    ...(prefix !== undefined && { prefix }),
    ...(fit && fit !== 'tiles' && { fit }),
    ...(orient && { orient }),
    ...(fit === 'tiles' && {
      tiles: { ...(size !== undefined && { size }), ...(overlap !== undefined && { overlap }) },
    }),
  };
}

export interface DecodeSettings {
  readonly format: (typeof pictureFormats)[number];
  readonly quality?: number;
  readonly prefix?: number;
  readonly allowMismatch: boolean;
}

function decodeSettings(context: CommandContext): DecodeSettings {
  const format =
    pictureFormats.find((known) => known === textOption(context, 'format')) ??
    pictureFormatOf(textOption(context, 'out')) ??
    'png';
  const quality = countOption(context, 'quality');
  if (quality !== undefined && quality > 100) throw new UsageError(`--quality: expected 1 to 100, got ${quality}.`);
  const prefix = countOption(context, 'prefix');
  return {
    format,
    ...(quality !== undefined && { quality }),
    allowMismatch: flag(context, 'allow-mismatch'),
    ...(prefix !== undefined && { prefix }),
  };
}
