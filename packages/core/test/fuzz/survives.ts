import { memorySource } from '../../src/checkpoint/byte-source';
import { parseConfigText } from '../../src/checkpoint/config-text';
import { embeddedConfigs } from '../../src/checkpoint/embedded-config';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint';
import { readShardIndex } from '../../src/checkpoint/sharded';
import { CheckpointError, TesseraeError } from '../../src/errors';
import { readTokensFile, writeTokensFile } from '../../src/tokens/container';

/** Reads hostile bytes; true where they were read. Anything but a typed error is a defect, and passed on. */
export type Survival = (bytes: Uint8Array) => Promise<boolean>;

async function typed(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (TesseraeError.isInstance(error)) return false;
    throw error;
  }
}

/** Opens a checkpoint and reads all that is in it. */
export const checkpointSurvives: Survival = (bytes) =>
  typed(async () => {
    const checkpoint = await openCheckpoint(bytes);
    for (const key of checkpoint.keys()) {
      try {
        const { shape, recipe } = checkpoint.tensor(key);
        const values = await checkpoint.tensor(key).read();
        if (values.length !== shape.reduce((product, length) => product * length, 1))
          throw new Error(`${values.length} values`);
        if (recipe.kind !== 'values') throw new Error(`${recipe.kind} of bytes in memory`);
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
      }
    }
    JSON.stringify(checkpoint.metadata);
    embeddedConfigs(checkpoint);
    await checkpoint.close();
  });

/** Reads a token file, strictly and with what can be saved; what was read can be written. */
export const tokensSurvive: Survival = async (bytes) => {
  await typed(async () => readTokensFile(bytes, { recover: true }));
  return typed(async () => writeTokensFile(readTokensFile(bytes)));
};

/** Reads an index of shards; nothing is opened. */
export const indexSurvives: Survival = (bytes) =>
  typed(async () => {
    const index = await readShardIndex(memorySource(bytes, 'index'));
    for (const file of index?.files.values() ?? [])
      if (/^[/\\]|\.\.[/\\]/.test(file)) throw new Error(`a path that leads elsewhere: ${file}`);
  });

/** Parses a configuration as JSON, Python literal or YAML. */
export const configSurvives: Survival = (bytes) =>
  typed(async () => JSON.stringify(await parseConfigText(new TextDecoder().decode(bytes), 'config')));
