import { describe, expect, it } from 'vitest';
import { keptCrashes } from './crash-files';
import { fuzz } from './fuzz-run';
import { fuzzTargets } from './fuzz-targets';
import { seedFiles } from './seed-files';
import { checkpointSurvives } from './survives';

/** About half a minute for all targets; `npm run fuzz` goes on with other seeds. */
const runs = 1200;

describe.each(fuzzTargets)('$name', (target) => {
  it('is honest', async () => {
    expect(await target.survives(target.seed)).toBe(true);
  });

  it('survives seeded changes', async () => {
    const crash = await fuzz(target, fuzzTargets, { runs, seed: 20_261 });
    expect(crash).toBeUndefined();
  });
});

describe.each(Object.entries(seedFiles))('%s', (name, honest) => {
  it('is refused at every truncation', async () => {
    for (let length = 0; length < honest.length; length += 1)
      expect(await checkpointSurvives(honest.slice(0, length)), `${length}`).toBe(false);
  });

  it('survives every single bit flip', async () => {
    const bytes = honest.slice();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      await checkpointSurvives(bytes);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
  });
});

describe('crashes that were found', () => {
  const kept = keptCrashes();
  it.each(kept)('are survived: $name', async ({ name, bytes }) => {
    const targets = fuzzTargets.filter((target) => name.startsWith(`${target.name.replaceAll(/[ ,]+/g, '-')}.`));
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) await target.survives(bytes);
  });
});
