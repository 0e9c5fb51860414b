import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mulberry32 } from '@tesserae/core/data';
import { creditsOf, jsonRows, lockOf, type UsedFile } from './credits';
import { type CropPlan, cropSize, cutCrops, evenShares } from './crops';
import { collectImageSources, type ImageSources } from './image-sources';
import { centreSquare, decodeOn, decodeOpaque, type Raster } from './raster';
import { seedOf } from './seed';
import type { PictureSet } from './source-file';

/** Settings of {@link prepareImages}. */
export interface ImageOptions {
  /** Folder for the crops, `index.json`, `data.lock.json`, `CREDITS.json`. */
  readonly out: string;
  /** Folder for downloads and their contents. */
  readonly work: string;
  /** Crops of all sets together. */
  readonly crops: number;
  /** Another seed cuts other crops from the same pictures. */
  readonly seed: number;
  readonly report: (message: string) => void;
}

/** What `index.json` says of one set; crops of one picture lie side by side. */
export interface SetIndex {
  /** 8-bit RGB, crop by crop, row by row. */
  readonly file: string;
  readonly crops: number;
  readonly sources: readonly { readonly id: string; readonly first: number; readonly count: number }[];
}

/** Seven steps of a square root of two. */
const photoSides = [128, 181, 256, 362, 512, 724, 1024];

const recipe: Readonly<
  Record<PictureSet, { readonly share: number; readonly plan: Omit<CropPlan, 'limit' | 'maxScale'> }>
> = {
  // Small pictures go through many grids and sizes, large ones have given enough after one or two.
  photos: { share: 0.65, plan: { shortSides: photoSides, jitter: 0.15, rounds: 16 } },
  textures: { share: 0.22, plan: { shortSides: photoSides.slice(0, 5), jitter: 0.15, rounds: 1 } },
  drawings: { share: 0.13, plan: { shortSides: [96, 136, 192, 256], jitter: 0.15, rounds: 1 } },
};

const evaluationSide = 128;

/**
 * Makes the training crops of the image starter and the evaluation pictures beside them.
 *
 * Each set is written as soon as it is ready, `index.json` again with it: training may begin on the photographs.
 */
export async function prepareImages(options: ImageOptions): Promise<void> {
  const { out, report } = options;
  mkdirSync(out, { recursive: true });
  const sources = collectImageSources(options.work, report);
  await writeEvaluation(join(out, '..', `eval-photo-${evaluationSide}`), sources, report);
  const sets: Partial<Record<PictureSet, SetIndex>> = {};
  const used: UsedFile[] = [];
  for (const set of ['photos', 'textures', 'drawings'] as const) {
    const files = sources.training.filter((file) => file.set === set);
    const { index, usedFiles } = await writeSet(set, files, options);
    sets[set] = index;
    used.push(...usedFiles);
    const { seed } = options;
    writeFileSync(join(out, 'index.json'), JSON.stringify({ size: cropSize, channels: 3, seed, sets }));
    report(`${set}: ${index.crops} crops of ${usedFiles.length} pictures`);
  }
  const { packages } = sources;
  writeFileSync(join(out, 'data.lock.json'), jsonRows({ seed: options.seed }, 'packages', lockOf(packages, used)));
  const note = 'Pictures whose crops, cut from reduced copies, the weights were trained on.';
  writeFileSync(
    join(out, 'CREDITS.json'),
    jsonRows({ note, licenceOfWeights: 'CC-BY-SA-4.0' }, 'groups', creditsOf(used)),
  );
}

async function writeSet(
  set: PictureSet,
  files: readonly UsedFile[],
  { out, crops, seed, report }: ImageOptions,
): Promise<{ readonly index: SetIndex; readonly usedFiles: readonly UsedFile[] }> {
  const { share, plan } = recipe[set];
  const total = Math.round(crops * share);
  // Three times the mean leaves room to make up for pictures that give fewer.
  const limit = Math.max(4, Math.ceil((3 * total) / Math.max(1, files.length)));
  const pictures: { readonly file: UsedFile; readonly crops: readonly Uint8Array[] }[] = [];
  for (const [number, file] of files.entries()) {
    const random = mulberry32(seedOf(`${seed} ${file.package.name} ${file.path}`));
    try {
      const raster = set === 'drawings' ? await decodeDrawing(file, random) : await decodeOpaque(file.bytes());
      if (!raster) continue;
      pictures.push({ file, crops: await cutCrops(raster, { ...plan, limit, maxScale: file.maxScale ?? 1 }, random) });
    } catch (error) {
      report(`${file.path}: skipped, ${error instanceof Error ? error.message : String(error)}`);
    }
    if ((number + 1) % 200 === 0) report(`${set}: ${number + 1} of ${files.length} pictures`);
  }
  const shares = evenShares(
    pictures.map((picture) => picture.crops.length),
    total,
  );
  const sources: { id: string; first: number; count: number }[] = [];
  const usedFiles: UsedFile[] = [];
  const chosen: Uint8Array[] = [];
  for (const [number, picture] of pictures.entries()) {
    const count = shares[number]!;
    if (count === 0) continue;
    sources.push({ id: `${picture.file.package.name}:${picture.file.path}`, first: chosen.length, count });
    chosen.push(...picture.crops.slice(0, count));
    usedFiles.push(picture.file);
  }
  writeFileSync(join(out, `${set}.u8`), Buffer.concat(chosen));
  return { index: { file: `${set}.u8`, crops: chosen.length, sources }, usedFiles };
}

/** Half of the drawings lie on white, the others on a colour of their own. */
function decodeDrawing(file: UsedFile, random: ReturnType<typeof mulberry32>): Promise<Raster> {
  const [coin, r, g, b] = random.uniform(4);
  const level = (value: number | undefined) => Math.floor((value ?? 0) * 256);
  return decodeOn(file.bytes(), coin! < 0.5 ? [255, 255, 255] : [level(r), level(g), level(b)]);
}

async function writeEvaluation(
  folder: string,
  { heldOut }: ImageSources,
  report: (message: string) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const rows: unknown[] = [];
  const squares: Uint8Array[] = [];
  for (const { package: source, path, author, licence, sha256, reason, bytes } of heldOut) {
    const raster = await decodeOpaque(bytes());
    if (!raster || Math.min(raster.width, raster.height) < evaluationSide) continue;
    squares.push(await centreSquare(raster, evaluationSide));
    rows.push({ id: `${source.name}:${path}`, author, licence, sha256, reason });
  }
  writeFileSync(join(folder, 'pictures.u8'), Buffer.concat(squares));
  const head = { size: evaluationSide, channels: 3, file: 'pictures.u8', count: rows.length };
  writeFileSync(join(folder, 'index.json'), jsonRows(head, 'pictures', rows));
  report(`evaluation: ${rows.length} centre squares of held-out photographs`);
}
