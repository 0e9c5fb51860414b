import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint';
import { CheckpointError, TesseraeError } from '../../src/errors';
import { legacyAttacks, numpyAttacks, onnxAttacks, safetensorsAttacks, zipAttacks } from './container-attacks';
import { callAttacks, sizeAttacks, viewAttacks } from './pickle-attacks';

const attacks = [
  ...callAttacks,
  ...sizeAttacks,
  ...viewAttacks,
  ...safetensorsAttacks,
  ...zipAttacks,
  ...legacyAttacks,
  ...numpyAttacks,
  ...onnxAttacks,
];

async function openAndRead(bytes: Uint8Array): Promise<readonly string[]> {
  const checkpoint = await openCheckpoint(bytes, { name: 'hostile' });
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
}

describe('hostile files', () => {
  it('have names of their own', () => {
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
  });

  it.each(attacks.filter(({ code }) => code === undefined))('inert: $name', async ({ make, keys }) => {
    expect(await openAndRead(make())).toEqual(keys);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each(attacks.filter(({ code }) => code !== undefined))('refused: $name', async ({ make, code }) => {
    const outcome = await openAndRead(make()).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(TesseraeError);
    expect(outcome).toMatchObject({ code, message: expect.stringContaining('hostile') });
  });
});
