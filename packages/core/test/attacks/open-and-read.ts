import { openCheckpoint } from '../../src/checkpoint/open-checkpoint';
import { CheckpointError } from '../../src/errors';

/** Opens a file, reads everything in it, and gives the keys. */
export async function openAndRead(input: Uint8Array | string): Promise<readonly string[]> {
  const checkpoint = await openCheckpoint(input, { name: 'hostile' });
  try {
    for (const key of checkpoint.keys()) {
      try {
        await checkpoint.tensor(key).read();
      } catch (error) {
        // Listed, and refused when touched.
        if (!(error instanceof CheckpointError && error.code === 'unsupported-dtype')) throw error;
      }
    }
    JSON.stringify(checkpoint.metadata);
    return checkpoint.keys();
  } finally {
    await checkpoint.close();
  }
}
