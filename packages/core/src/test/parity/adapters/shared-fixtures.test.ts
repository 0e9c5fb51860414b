import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCaseFacts } from '../case-facts';
import { readCaseTensors } from '../case-tensors';
import { findCases } from '../find-cases';
import { parityModalities } from './choose-adapter';

const repository = fileURLToPath(new URL('../../../../../../', import.meta.url));
const shared = fileURLToPath(new URL('../shared/fixtures/', new URL('../../../../../../', import.meta.url)));

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

/** Every case must give inputs and expectations of the shapes that it declares. */
function checkCases(folder: string): number {
  const cases = findCases(folder);
  for (const location of cases) {
    const facts = readCaseFacts(location);
    const label = `${facts.key}/${facts.name}`;
    const tensors = readCaseTensors(facts);
    const declared = facts.json.tensors ?? {};
    for (const { name, key } of tensors.view.inputs) {
      const { shape, data } = tensors.input(name);
      const { enlarge } = declared[key]!.decode ?? {};
      const expectedShape = declared[key]!.shape.map((axis, i) => axis * (enlarge?.[i] ?? 1));
      expect(shape, `${label} input ${name}`).toEqual(expectedShape);
      expect(data.length, `${label} input ${name}`).toBe(elementCount(shape));
      const isDecoded = declared[key]!.decode !== undefined;
      expect(!isDecoded || data instanceof Float32Array, `${label} input ${name} is float32`).toBe(true);
    }
    for (const { name, tolerance, shape, role } of tensors.expectations) {
      const expected = tensors.expected(name);
      const count = expected.subset
        ? Math.ceil((elementCount(shape) - expected.subset.start) / expected.subset.step)
        : elementCount(shape);
      expect(expected.data.length, `${label} ${role} ${name}`).toBe(count);
      expect(tolerance, `${label} ${name}`).toBeGreaterThanOrEqual(0);
      expect(tolerance, `${label} ${name}`).toBeLessThan(Infinity);
    }
    const names = tensors.expectations.map(({ name }) => name);
    expect(new Set(names).size, `${label}: names occur once`).toBe(names.length);
    const covered = new Set([...tensors.view.inputs, ...tensors.view.expectations].map(({ key }) => key));
    const left = Object.keys(declared).filter((key) => !covered.has(key) && tensors.io.has(key));
    expect(left, `${label}: tensors that no view shows`).toEqual([]);
    const { weights = '.' } = tensors.view;
    expect(existsSync(`${location.folder}/${weights}`), `${label}: ${weights}`).toBe(true);
  }
  return cases.length;
}

describe('adapters over real cases', () => {
  it.runIf(existsSync(shared))(
    `read every case of ${existsSync(shared) ? shared : '../shared/fixtures, which is not here'}`,
    () => {
      expect(checkCases(shared)).toBeGreaterThan(400);
    },
  );

  it.each(parityModalities)('read the committed cases of %s', (modality) => {
    const folder = `${repository}packages/${modality}/test/fixtures`;
    if (existsSync(folder)) checkCases(folder);
  });
});
