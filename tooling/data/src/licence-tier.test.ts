import { describe, expect, it } from 'vitest';
import { mayTrainOn, tierOf } from './licence-tier';

describe('tierOf', () => {
  it.each([
    ['CC0', 'A'],
    ['CC0-1.0', 'A'],
    ['public-domain', 'A'],
    ['CC-BY-2.0', 'A'],
    ['CC-BY-3.0-USA', 'A'],
    ['BSD-3-clause-Google', 'A'],
    ['MIT', 'A'],
    ['CC-BY-SA-2.5', 'B'],
    ['CC-BY-SA-4.0', 'B'],
    ['GPL-2+', 'C'],
    ['LGPLv3', 'C'],
    ['GFDL-NIV-1.2+', 'C'],
    ['CC-BY-SA', 'X'],
    ['CC-BY-SA-1.0', 'X'],
    ['CC-BY-NC-4.0', 'X'],
    ['CC-BY-ND-3.0', 'X'],
    ['CC-sampling-plus-1.0', 'X'],
    ['', 'X'],
  ])('%s: %s', (licence, tier) => {
    expect(tierOf(licence)).toBe(tier);
  });

  it('takes the best of alternatives and the worst of what all holds', () => {
    expect(tierOf('LGPL-3+ or CC-BY-SA-3.0')).toBe('B');
    expect(tierOf('zlib or GPL-2 or CC-BY-3.0')).toBe('A');
    expect(tierOf('CC-BY-3.0 and CC0-1.0')).toBe('A');
    expect(tierOf('GPL and CC-BY-SA-3.0')).toBe('C');
    expect(tierOf('CC0 or CC-BY-4.0 and GPL-2')).toBe('A');
    expect(tierOf('CC0 or CC-BY-4.0, and GPL-2')).toBe('C');
  });

  it('trains on A and B only', () => {
    expect(['CC0', 'CC-BY-SA-3.0', 'GPL-3', 'unknown'].map(mayTrainOn)).toEqual([true, true, false, false]);
  });
});
