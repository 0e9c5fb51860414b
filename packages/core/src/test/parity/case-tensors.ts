import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../errors';
import type { CaseJson, CaseView } from './adapters/case-json';
import { chooseAdapter } from './adapters/choose-adapter';
import { caseFiles, type CaseFacts } from './case-facts';
import type { ExpectedTensor } from './compare';
import { decodeInput, sliceInput } from './decode-input';
import { type FormulaFile, isFormulaFile } from './formula-weights';
import { type IoTensor, readIoTensors } from './io-tensors';
import type { Expectation } from './parity-case';
import { toleranceOf } from './tolerance';

/** The tensors of a case under common names, decoded. */
export interface CaseTensors {
  readonly view: CaseView;
  readonly files: readonly string[];
  readonly io: ReadonlyMap<string, IoTensor>;
  /** Bytes of the io file; undefined where there is none. */
  readonly ioBytes?: Uint8Array;
  /** `weights.json`, where weights come from a formula. */
  readonly formula?: FormulaFile;
  readonly expectations: readonly Expectation[];
  /** The common name of a name or of a full name of the case file. */
  resolve(name: string): string | undefined;
  /** @throws {InputError} When there is no such input. */
  input(name: string): IoTensor;
  /** @throws {InputError} When nothing of that name is expected. */
  expected(name: string): ExpectedTensor & { readonly dtype: IoTensor['dtype'] };
}

/** Reads the tensors of a case through the adapter of its dialect. */
export function readCaseTensors({ location, json, key, name: caseName }: CaseFacts): CaseTensors {
  const { folder, modality } = location;
  const label = `${key}/${caseName}`;
  const files = caseFiles(folder);
  const view = chooseAdapter(modality!, json)(json, files);
  const ioPath = join(folder, 'io.safetensors');
  const ioBytes = existsSync(ioPath) ? new Uint8Array(readFileSync(ioPath)) : undefined;
  const io = ioBytes ? readIoTensors(ioBytes, ioPath) : new Map<string, IoTensor>();
  const formula = readFormula(folder, files);

  const stored = (tensorKey: string): IoTensor => {
    const tensor = io.get(tensorKey);
    if (tensor) return tensor;
    throw new InputError(label, `a tensor ${tensorKey} in io.safetensors`, 'none', { code: 'undecodable' });
  };
  const decoded = (tensorKey: string): IoTensor => {
    const { decode, derived } = json.tensors?.[tensorKey] ?? {};
    if (derived) return sliceInput(decoded(derived.tensor), derived);
    return decode ? decodeInput(stored(tensorKey), decode, formula?.generatorSeed) : stored(tensorKey);
  };

  const expectedKeys = new Map(view.expectations.map((entry) => [entry.name, entry.key]));
  const names = new Map(
    view.expectations.flatMap(
      ({ name, key: full }) =>
        [
          [full, name],
          [name, name],
        ] as const,
    ),
  );
  const inputKeys = new Map(
    view.inputs.flatMap(
      ({ name, key: full }) =>
        [
          [full, full],
          [name, full],
        ] as const,
    ),
  );
  const expected: CaseTensors['expected'] = (name) => {
    const tensorKey = expectedKeys.get(names.get(name) ?? name);
    if (tensorKey === undefined) throw unknownName(label, 'result', name, [...expectedKeys.keys()]);
    const { subset } = json.tensors?.[tensorKey] ?? {};
    const { shape, data, dtype } = stored(tensorKey);
    return subset ? { shape: subset.of, data, dtype, subset } : { shape, data, dtype };
  };
  return {
    view,
    files,
    io,
    ...(ioBytes ? { ioBytes } : {}),
    ...(formula ? { formula } : {}),
    expectations: view.expectations.map(({ name, key: full, role }) => ({
      name,
      role,
      tolerance: toleranceOf(stored(full), fp64Error(json, full)),
      shape: expected(name).shape,
    })),
    resolve: (name) => names.get(name),
    input(name) {
      const tensorKey = inputKeys.get(name);
      if (tensorKey === undefined)
        throw unknownName(
          label,
          'input',
          name,
          view.inputs.map((entry) => entry.name),
        );
      return decoded(tensorKey);
    },
    expected,
  };
}

function readFormula(folder: string, files: readonly string[]): FormulaFile | undefined {
  if (!files.includes('weights.json')) return undefined;
  const json: unknown = JSON.parse(readFileSync(join(folder, 'weights.json'), 'utf8'));
  return isFormulaFile(json) ? json : undefined;
}

/** `fp64.maxAbs` names tensors in full, or without `out.`; a text instead of a number says nothing about floats. */
function fp64Error({ fp64 }: CaseJson, key: string): number | undefined {
  const errors = fp64?.maxAbs ?? {};
  const error = errors[key] ?? errors[key.replace(/^(out|output)\./, '')];
  return typeof error === 'number' ? error : undefined;
}

function unknownName(label: string, kind: string, name: string, known: readonly string[]): InputError {
  return new InputError(
    `${label}: ${kind} ${name}`,
    `one of ${known.slice(0, 20).join(', ') || 'none'}`,
    'no such name',
  );
}
