import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../errors';
import type { CaseFacts } from './case-facts';
import type { CaseTensors } from './case-tensors';
import { formulaWeightsFile } from './formula-file';
import { formulaTensors } from './formula-weights';
import { trunkTensors } from './trunk-formula';

/**
 * Path of the weights of a case: the file or hub folder that it names (or `file`), or the file that its formula gives.
 *
 * @throws {InputError} When the case has no weights, or no such file.
 */
export async function caseWeightsPath(facts: CaseFacts, tensors: CaseTensors, file?: string): Promise<string> {
  const { location, json, key, name, system } = facts;
  const chosen = file ?? tensors.view.weights;
  const ioParts = tensors.ioBytes ? [tensors.ioBytes] : [];
  if (chosen === 'weights.json' && tensors.formula) {
    const made = formulaTensors(tensors.formula, tensors.io, `${key}/${name}: weights.json`);
    return formulaWeightsFile(made, [JSON.stringify(tensors.formula), ...ioParts]);
  }
  const config = json.config as { readonly weights?: unknown; readonly net?: string } | undefined;
  if (chosen === undefined && config?.weights !== undefined) {
    const made = trunkTensors(system, config.net);
    return formulaWeightsFile(made, [JSON.stringify([system, config.net ?? null, config.weights])]);
  }
  if (chosen === undefined) throw new InputError(`${key}/${name}: weights`, 'a case that has some', 'none');
  const path = join(location.folder, chosen);
  if (!existsSync(path)) throw new InputError(`${key}/${name}: weights`, `a file ${chosen}`, 'none');
  return path;
}

/** The file with the weights: that of a hub folder, otherwise the path itself. */
export function checkpointFile(path: string): string {
  const names = [
    'model.safetensors',
    'model.safetensors.index.json',
    'pytorch_model.bin',
    'pytorch_model.bin.index.json',
  ];
  return names.map((name) => join(path, name)).find((file) => existsSync(file)) ?? path;
}
