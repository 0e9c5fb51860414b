import type { CaseJson } from './case-json';

const weightFile = /\.(safetensors|bin|pt|pth|th|ckpt|pkl|jit|onnx|npz)$|^weights\.json$/;

/**
 * The weights among the files that a case lists: the folder where they lie in hub layout (`config.json` beside
 * `model.safetensors` or `pytorch_model.bin`), otherwise `weights.safetensors` if it is one of them, otherwise the
 * first file of a checkpoint format.
 */
export function weightsOfList(listed: readonly string[], files: readonly string[]): string | undefined {
  const candidates = listed.filter((file) => weightFile.test(file) && file !== 'io.safetensors');
  const chosen = candidates.find((file) => file === 'weights.safetensors') ?? candidates[0];
  return chosen === undefined ? undefined : hubFolderOf(chosen, files);
}

/** `.` for a file in hub layout at the top of the case, the file itself otherwise. */
export function hubFolderOf(file: string, files: readonly string[]): string {
  const inHubLayout = /^(model\.safetensors|pytorch_model\.bin)$/.test(file) && files.includes('config.json');
  return inHubLayout ? '.' : file;
}

/** `files` where it is a list. */
export function listedFiles({ files }: CaseJson): readonly string[] {
  return Array.isArray(files) ? (files as readonly string[]) : [];
}
