import { describe, expect, it } from 'vitest';
import type { ExpectedTensor } from './compare';
import type { Expectation } from './parity-case';
import { createReport, figure, type ReportedCase } from './report';

const expected: Readonly<Record<string, ExpectedTensor>> = {
  'encoder.block0_LND': { shape: [2, 1, 3], data: [0, 1, 2, 3, 4, 5] },
  z: { shape: [1, 2, 2], data: [1, 2, 3, 4] },
  ids: { shape: [1, 1, 3], data: [5, 6, 7] },
  recon: { shape: [1, 3, 1, 2], data: [0, 1, 2, 3, 4, 5] },
};
const roles = { 'encoder.block0_LND': 'tap' } as const;

function testCase(inputs: readonly string[] = []): ReportedCase {
  const expectations = Object.entries(expected).map(([name, { shape }]): Expectation => ({
    name,
    role: name in roles ? 'tap' : 'output',
    tolerance: name === 'ids' ? 0 : 1e-5,
    shape,
  }));
  const full = new Map(expectations.map(({ name }) => [`output.${name}`, name]));
  return {
    expectations,
    expectedTensor: (name) => expected[name]!,
    resolve: (name) => (name in expected ? name : full.get(name)),
    wasInput: (name) => inputs.includes(name),
  };
}

const z = { shape: [1, 2, 2], data: Float32Array.of(1, 2, 3, 4) };
const ids = { shape: [1, 3], data: Int32Array.of(5, 6, 7) };
const recon = { shape: [1, 1, 2, 3], data: Float32Array.of(0, 2, 4, 1, 3, 5) };

describe('createReport', () => {
  it('passes when every output is equal, taps or not', () => {
    const report = createReport(testCase());
    report.tensor('z', z);
    report.tensor('output.ids', ids);
    report.tensor('recon', recon, 'nhwc-nchw');
    expect(report.summary()).toEqual({ failures: 0, tensors: 3, checks: 0, worst: 0 });
  });

  it('finds outputs and taps by name, in any layout', () => {
    const block = { shape: [1, 2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) };
    const report = createReport(testCase());
    report.all({ 'tap:encoder.block0': block, 'tap:other': block, z, ids, recon }, { layout: 'nhwc-nchw' });
    expect(report.summary()).toMatchObject({ failures: 0, tensors: 4 });
  });

  it('names the first difference in order of computation, with index, size and tolerance', () => {
    const report = createReport(testCase());
    report.tensor('recon', { ...recon, data: new Float32Array(6) }, 'nhwc-nchw');
    report.tensor('ids', { shape: [1, 1, 3], data: Int32Array.of(5, 0, 7) });
    report.tensor('z', { shape: [1, 2, 2], data: Float32Array.of(1, 2, 3.5, 4) });
    const { failure, failures } = report.summary();
    expect(failures).toBe(3);
    expect(failure).toBe('z [1,2,2], max 0.5 at [0,1,0] (tolerance 1e-5; got 3.5, expected 3)');
  });

  it('fails ids that are off by one', () => {
    const report = createReport(testCase());
    report.all({ z, ids: { shape: [3], data: Int32Array.of(5, 6, 8) }, recon }, { layout: 'nhwc-nchw' });
    expect(report.summary().failure).toMatch(/^ids \[1,1,3\], max 1 at \[0,0,2\] \(tolerance 0/);
  });

  it('fails what was not compared, but not a tap', () => {
    const report = createReport(testCase());
    report.tensor('z', z);
    expect(report.summary()).toMatchObject({ failure: 'ids was not compared', failures: 2 });
  });

  it('fails an output that the model did not return, a wrong shape and a wrong layout', () => {
    const report = createReport(testCase());
    report.tensor('z', undefined);
    report.tensor('ids', { shape: [4], data: Int32Array.of(5, 6, 7, 8) });
    report.tensor('recon', z, 'nhwc-nchw');
    expect(report.summary()).toMatchObject({ failure: 'z is missing from the outputs', failures: 3 });
  });

  it('fails a name that the case does not know', () => {
    const report = createReport(testCase());
    report.all({ z, ids, recon }, { layout: 'nhwc-nchw' });
    report.tensor('zz', z);
    expect(report.summary().failure).toMatch(/zz was reported, but the case has no such tensor/);
  });

  it('fails NaN where a number is expected', () => {
    const report = createReport(testCase());
    report.tensor('z', { shape: [1, 2, 2], data: Float32Array.of(1, Number.NaN, 3, 4) });
    expect(report.summary().failure).toMatch(/^z \[1,2,2\], max NaN at \[0,0,1\]/);
  });

  it('fails an actual number where NaN or infinity is expected, and takes them where they are', () => {
    const special: ReportedCase = {
      ...testCase(),
      expectedTensor: () => ({ shape: [3], data: [Number.NaN, Infinity, 1] }),
    };
    const equal = createReport(special);
    equal.tensor('z', { shape: [3], data: Float32Array.of(Number.NaN, Infinity, 1) });
    expect(equal.summary().failure).not.toMatch(/^z/);
    const different = createReport(special);
    different.tensor('z', { shape: [3], data: Float32Array.of(Number.NaN, 1, 1) });
    expect(different.summary().failure).toMatch(/^z \[3\], max NaN/);
  });

  it('fails a runner that compares nothing', () => {
    const report = createReport({ ...testCase(), expectations: [] });
    expect(report.summary().failure).toBe('nothing was compared');
  });

  it('lets the runner say another tolerance', () => {
    const report = createReport(testCase());
    report.tensor('z', { shape: [1, 2, 2], data: Float32Array.of(1, 2, 3.5, 4) }, 'as-is', { tolerance: 0.5 });
    expect(report.summary().failure).not.toMatch(/^z/);
  });

  it('compares strings, lists and objects exactly', () => {
    const report = createReport({ ...testCase(), expectations: [] });
    report.equal('same', { a: [1, 'b'], c: null }, { a: [1, 'b'], c: null });
    report.equal('typed', Int32Array.of(1, 2), [1, 2]);
    expect(report.summary()).toMatchObject({ failures: 0, checks: 2 });
    report.equal('merges', { a: ['x', 'y'] }, { a: ['x', 'z'] });
    expect(report.summary().failure).toBe('merges.a[1]: expected "z", got "y"');
  });

  it.each([
    ['shorter', [1], [1, 2], 'x: expected 2 elements, got 1'],
    ['missing', {}, { a: 1 }, 'x.a: expected 1, got undefined'],
    ['additional', { a: 1 }, {}, 'x.a: expected undefined, got 1'],
    ['type', '1', 1, 'x: expected 1, got "1"'],
  ])('says what differs: %s', (_, actual, wanted, message) => {
    const report = createReport({ ...testCase(), expectations: [] });
    report.equal('x', actual, wanted);
    expect(report.summary().failure).toBe(message);
  });

  it('skips by name and then misses nothing', () => {
    const report = createReport(testCase());
    report.skip('needs a vocabulary');
    expect(report.summary()).toMatchObject({ skipped: 'needs a vocabulary', failures: 0 });
  });

  it('does not miss a tensor of unknown role that was used as an input', () => {
    const report = createReport(testCase(['ids', 'recon']));
    report.tensor('z', z);
    expect(report.summary().failures).toBe(0);
  });

  it('compares the stored elements of a tensor that is stored in part', () => {
    const part = { shape: [2, 4], data: [1, 4, 7], subset: { start: 1, step: 3 } };
    const right = createReport({ ...testCase(['ids', 'recon']), expectedTensor: () => part });
    right.tensor('z', { shape: [2, 4], data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7) });
    expect(right.summary().failures).toBe(0);
    const wrong = createReport({ ...testCase(['ids', 'recon']), expectedTensor: () => part });
    wrong.tensor('z', { shape: [2, 4], data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 0) });
    expect(wrong.summary().failure).toMatch(/^z \[2,4\], max 7 at \[1,3\]/);
  });
});

describe('figure', () => {
  it.each([
    [0, '0'],
    [3.1e-6, '3.1e-6'],
    [0.3149, '0.31'],
    [12, '12'],
    [1e21 + 0.5, '1e+21'],
    [Number.NaN, 'NaN'],
  ])('writes %d as %s', (value, text) => expect(figure(value)).toBe(text));
});
