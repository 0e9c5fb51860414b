import { platform } from '#platform';
import { parseConfigText } from '../checkpoint/config-text';
import { openByteSource } from '../checkpoint/open-byte-source';
import { ConfigError } from '../errors/config-error';
import { PretrainedError } from '../errors/pretrained-error';
import { configNamesFor } from '../hub/weight-names';
import type { Json } from '../signal/signal';

const configLimitBytes = 16 * 1024 * 1024;

/** What the neighbor of a weight file says about it. */
export interface ConfigBeside {
  readonly config?: { readonly file: string; readonly json: Json };
  /** Why a file beside the weights that looks like their configuration cannot be read. */
  readonly configFault?: PretrainedError;
}

/** Reads the configuration in the folder of a weight file. @throws {PretrainedError} `no-config`: a broken `config.json`. */
export async function configBeside(weights: string): Promise<ConfigBeside> {
  const folder = platform.folderOf(weights);
  const files = new Map<string, string>();
  for (const name of configNamesFor(weights)) {
    const file = platform.joinPath(folder, name);
    if ((await platform.fileFacts(file))?.kind === 'file') files.set(name, file);
  }
  return configAmong(weights, files);
}

/**
 * Reads the configuration of a weight file among the files of its folder, by their names.
 *
 * @throws {PretrainedError} `no-config`: a broken `config.json`.
 */
export async function configAmong(
  weightFile: string,
  files: ReadonlyMap<string, string | Blob>,
): Promise<ConfigBeside> {
  for (const name of configNamesFor(weightFile)) {
    const content = files.get(name);
    if (content === undefined) continue;
    const file = typeof content === 'string' ? content : name;
    try {
      return { config: { file, json: await readConfig(content, file) } };
    } catch (error) {
      // YAML of that name may be anybody's; it is told where nothing else says what the weights are.
      if (file.endsWith('.json') || !(error instanceof PretrainedError)) throw error;
      return { configFault: error };
    }
  }
  return {};
}

async function readConfig(content: string | Blob, file: string): Promise<Json> {
  const source = await openByteSource(content);
  try {
    if (source.size > configLimitBytes)
      throw new ConfigError(file, `at most ${configLimitBytes} bytes`, `${source.size}`);
    const text = new TextDecoder().decode(await source.read(0, source.size));
    if (file.endsWith('.json') && !/^\uFEFF?\s*[[{]/.test(text)) throw new ConfigError(file, 'JSON', 'other text');
    const json = await parseConfigText(text, file);
    if (typeof json !== 'object' || json === null)
      throw new ConfigError(file, 'fields of a configuration', typeof json);
    return json;
  } catch (cause) {
    throw new PretrainedError('no-config', file, (cause as Error).message, { cause });
  } finally {
    await source.close();
  }
}
