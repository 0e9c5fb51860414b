import { PretrainedError } from '../errors/pretrained-error';

/** Names that weights usually have, the preferred one first. */
export const weightNames = [
  'model.safetensors.index.json',
  'model.safetensors',
  'pytorch_model.bin.index.json',
  'pytorch_model.bin',
];

/** Beside the weights, in this order; `*` stands for the name of the weight file without its ending. */
const configNames = ['config.json', '*.yaml', '*.yml', 'config.yaml', 'config.yml', 'hparams.yaml'];

/** Names that the configuration of a weight file may have in its folder, the preferred one first. */
export function configNamesFor(weightFile: string): readonly string[] {
  const stem = weightFile
    .split(/[\\/]/)
    .at(-1)!
    .replace(/\.[^.]*$/, '');
  return configNames.map((pattern) => pattern.replace('*', stem));
}

const weightExtension = /\.(safetensors|bin|pth|pt|ckpt|th|jit)$/;

/**
 * The weight file among the files of one folder; files of deeper folders do not count. Undefined where there is none.
 *
 * @param preferred - A name that goes before the usual ones.
 * @throws {PretrainedError} `ambiguous`: several files of weights, none with a usual name.
 */
export function chooseWeightFile(files: readonly string[], folder: string, preferred?: string): string | undefined {
  const named = [...(preferred ? [preferred] : []), ...weightNames].find((name) => files.includes(name));
  if (named !== undefined) return named;
  const candidates = files.filter((name) => weightExtension.test(name) && !name.includes('/'));
  if (candidates.length <= 1) return candidates[0];
  throw new PretrainedError(
    'ambiguous',
    folder,
    `${folder} holds several weight files (${candidates.join(', ')}): name one of them.`,
  );
}
