import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint';
import { TesseraeError } from '../../src/errors';
import { attackCorpus } from './attack-corpus';
import { bypassAttacks } from './bypass-attacks';
import { openAndRead } from './open-and-read';

describe('hostile files', () => {
  it('have names of their own', () => {
    expect(new Set(attackCorpus.map(({ name }) => name)).size).toBe(attackCorpus.length);
  });

  it.each(attackCorpus.filter(({ code }) => code === undefined))('inert: $name', async ({ make, keys }) => {
    expect(await openAndRead(make())).toEqual(keys);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each(attackCorpus.filter(({ code }) => code !== undefined))(
    'refused: $name',
    async ({ make, code, says = '' }) => {
      const outcome = await openAndRead(make()).catch((error: unknown) => error);
      expect(outcome).toBeInstanceOf(TesseraeError);
      expect(outcome).toMatchObject({ code, message: expect.stringContaining('hostile') });
      expect((outcome as Error).message).toContain(says);
    },
  );

  it.each(bypassAttacks)('named: $name', async ({ make, foreign }) => {
    const checkpoint = await openCheckpoint(make());
    expect(checkpoint.foreignNames).toEqual([foreign]);
    expect(JSON.stringify(checkpoint.metadata)).toContain(foreign);
  });
});
