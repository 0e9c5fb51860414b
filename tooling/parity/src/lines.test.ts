import type { CaseResult } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { resultLine, totalsLine } from './lines';

const ok: CaseResult = {
  status: 'ok',
  id: 'image/titok/legacy-n6',
  tensors: 14,
  checks: 0,
  worst: 3.14e-6,
  seconds: 0.42,
};
const failed: CaseResult = { ...ok, status: 'FAIL', message: 'first difference: z [1,2]\n  max 3' };
const skipped: CaseResult = { ...ok, status: 'skip', message: 'needs a vocabulary' };
const absent: CaseResult = { ...ok, status: 'not implemented' };

describe('resultLine', () => {
  it.each([
    [ok, /^ok {4}image\/titok\/legacy-n6 +14 tensors, worst 3\.1e-6 +0\.4 s$/],
    [{ ...ok, tensors: 1, checks: 2 }, /1 tensor, 2 checks, worst 3\.1e-6/],
    [{ ...ok, tensors: 0, checks: 2 }, / 2 checks {2,}/],
    [failed, /^FAIL {2}image\/titok\/legacy-n6 +first difference: z \[1,2\] \| max 3$/],
    [skipped, /^skip {2}image\/titok\/legacy-n6 +needs a vocabulary$/],
    [absent, /^not implemented {2}image\/titok\/legacy-n6$/],
  ])('%#', (result, line) => {
    expect(resultLine(result)).toMatch(line);
    expect(resultLine(result)).not.toContain('\n');
  });
});

describe('totalsLine', () => {
  it('always has all three counts, and none for what is not implemented', () => {
    expect(totalsLine([])).toBe('0 passed, 0 failed, 0 skipped');
    expect(totalsLine([ok, ok, failed, skipped, absent])).toBe('2 passed, 1 failed, 1 skipped');
  });
});
