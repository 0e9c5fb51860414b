import { InputError } from '@tesserae/core/data';
import { type ResizeFilter, roundHalfEven } from '@tesserae/core/raster';
import { admGeometry, flooredCenter } from './adm-crop';
import type { Geometry } from './geometry';
import { centerCropGeometry, torchvisionGeometry } from './torchvision-crop';
import { type ValueRange, valueRanges } from './value-range';
import { varGeometry } from './var-crop';

/** One way to make a square of the model's size out of any picture. */
interface Recipe {
  /** For {@link FitMode} `pad` and `squash`, which keep only the filter of the recipe. */
  readonly filter: ResizeFilter;
  readonly alpha: 'drop' | 'white';
  readonly range: ValueRange;
  readonly geometry: (width: number, height: number, size: number) => Geometry;
}

const torchvision = (filter: ResizeFilter): Recipe => ({
  filter,
  alpha: 'drop',
  range: 'unit',
  geometry: (width, height, size) => torchvisionGeometry(width, height, filter, size),
});

const squash = (filter: ResizeFilter): Recipe => ({
  filter,
  alpha: 'drop',
  range: 'unit',
  geometry: (_width, _height, size) => squashGeometry(filter, size),
});

/** Shorter side to `size` with Lanczos, both sides rounded, then a floored center crop. */
function ratioRounded(width: number, height: number, size: number): Geometry {
  const scale = size / Math.min(width, height);
  const rounded = [roundHalfEven(width * scale), roundHalfEven(height * scale)] as const;
  return flooredCenter(...rounded, size, { halvings: 0, filter: 'lanczos' });
}

const centerCrop: Recipe = {
  filter: 'bicubic',
  alpha: 'drop',
  range: 'unit',
  geometry: (width, height, size) => centerCropGeometry(width, height, size, size),
};

/** Named recipes; a pipeline's name is `<recipe>-<size>[-<range>]`. */
const recipes: Readonly<Record<string, Recipe>> = {
  /** TiTok, One-D-Piece, KARL, ALIT. */
  'pil-bicubic': torchvision('bicubic'),
  /** torchvision's default filter: FlexTok (`-pm1`), WeTok (`-pm1`), the One-D-Piece script. */
  'pil-bilinear': torchvision('bilinear'),
  'pil-lanczos': torchvision('lanczos'),
  /** Both sides to the size, whatever the aspect. */
  'squash-bicubic': squash('bicubic'),
  'squash-bilinear': squash('bilinear'),
  'squash-nearest': squash('nearest'),
  /** LlamaGen, TokenFlow, ELM (`-pm1`), RobusTok, TiTok's pre-tokenization. */
  adm: { filter: 'bicubic', alpha: 'drop', range: 'unit', geometry: admGeometry },
  /** VAR (`-pm1`). */
  var: { filter: 'lanczos', alpha: 'drop', range: 'unit', geometry: varGeometry },
  /** Center crop without resizing. */
  crop: centerCrop,
  /** Instella: {@link recipes.crop} in -1..1. */
  pm1: { ...centerCrop, range: 'pm1' },
  chameleon: { filter: 'lanczos', alpha: 'white', range: 'chameleon', geometry: ratioRounded },
  dalle: { filter: 'lanczos', alpha: 'drop', range: 'dalle', geometry: ratioRounded },
};

/** CLIP's processors squash: `pil-bicubic-224-clip`. */
const squashedRange: ValueRange = 'clip';

/** A pipeline, parsed from its name. */
export interface Pipeline {
  readonly name: string;
  /** `recipe`: a square of `size`; `none`: pixels as they are; `native`: as they are, padded to `multiple`. */
  readonly kind: 'recipe' | 'none' | 'native';
  /** Side in pixels (`recipe`); required side if given (`none`). */
  readonly size?: number;
  /** `native`: both sides are padded to a multiple of this. */
  readonly multiple?: number;
  readonly range: ValueRange;
  readonly alpha: 'drop' | 'white';
  readonly filter: ResizeFilter;
  readonly geometry?: (width: number, height: number) => Geometry;
}

const largestSide = 16384;
const pattern = /^([a-z][a-z0-9]*(?:-(?:bicubic|bilinear|lanczos|nearest))?)(?:-(\d+))?(?:-([a-z][a-z0-9]*))?$/;

/**
 * Reads a pipeline's name: `pil-bicubic-256`, `pil-bilinear-256-pm1`, `adm-384`, `none`, `native-16`.
 *
 * @throws {InputError} An unknown recipe, range or size; the message lists what exists.
 */
export function parsePipeline(name: string): Pipeline {
  const [, recipeName = '', digits, rangeName] = pattern.exec(name) ?? [];
  const size = digits === undefined ? undefined : Number(digits);
  const range = rangeName as ValueRange | undefined;
  const known = range === undefined || valueRanges.includes(range);
  if (!known || (size !== undefined && (size < 1 || size > largestSide))) {
    throw unknownPipeline(name);
  }
  if (recipeName === 'none' || recipeName === 'native') {
    const base = { name, kind: recipeName, range: range ?? 'unit', alpha: 'drop', filter: 'bicubic' } as const;
    if (size === undefined) {
      return base;
    }
    return recipeName === 'none' ? { ...base, size } : { ...base, multiple: size };
  }
  const recipe = Object.hasOwn(recipes, recipeName) ? recipes[recipeName] : undefined;
  if (!recipe || size === undefined) {
    throw unknownPipeline(name);
  }
  const { geometry } = range === squashedRange ? squash(recipe.filter) : recipe;
  return {
    name,
    kind: 'recipe',
    size,
    range: range ?? recipe.range,
    alpha: recipe.alpha,
    filter: recipe.filter,
    geometry: (width, height) => geometry(width, height, size),
  };
}

/** The forms that {@link parsePipeline} reads, for messages and help texts. */
export function pipelineNames(): readonly string[] {
  const ranges = valueRanges.filter((range) => range !== 'unit');
  const suffix = `[-${ranges.join('|-')}]`;
  return [...Object.keys(recipes).map((recipe) => `${recipe}-<size>${suffix}`), `none${suffix}`, `native-<multiple>`];
}

/** Both sides to `size`, aspect lost. */
export function squashGeometry(filter: ResizeFilter, size: number): Geometry {
  return { halvings: 0, width: size, height: size, filter, window: [0, 0, size, size], padding: 'zero' };
}

/** The whole picture inside a square of `size`, in the middle, border pixels repeated outwards. */
export function padGeometry(width: number, height: number, filter: ResizeFilter, size: number): Geometry {
  const scale = size / Math.max(width, height);
  const newWidth = Math.max(1, roundHalfEven(width * scale));
  const newHeight = Math.max(1, roundHalfEven(height * scale));
  const { window } = centerCropGeometry(newWidth, newHeight, size, size);
  return { halvings: 0, width: newWidth, height: newHeight, filter, window, padding: 'edge' };
}

/** Every pixel as it is, border pixels repeated to the right and below up to whole multiples. */
export function nativeGeometry(width: number, height: number, multiple: number): Geometry {
  const up = (side: number): number => Math.ceil(side / multiple) * multiple;
  return { halvings: 0, width, height, filter: 'box', window: [0, 0, up(width), up(height)], padding: 'edge' };
}

function unknownPipeline(name: string): InputError {
  return new InputError('pipeline', `one of ${pipelineNames().join(', ')}`, JSON.stringify(name));
}
