import type { Json } from '../../../signal/signal';

/** `decode`: how a compactly stored input becomes the float32 tensor that the model receives. */
export interface DecodeSteps {
  readonly enlarge?: readonly number[];
  readonly steps: readonly (readonly ['div' | 'mul' | 'sub', number])[];
  readonly noise?: { readonly key: string; readonly scale: number };
  readonly round: 'each' | 'once';
}

export interface CaseTensorJson {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly meaning?: string;
  readonly role?: 'input' | 'output';
  readonly decode?: DecodeSteps;
  readonly derived?: { readonly tensor: string; readonly axis: number; readonly index: number };
  readonly subset?: { readonly of: readonly number[]; readonly start: number; readonly step: number };
}

/** What the dialects of `case.json` share, and the fields that tell them apart. */
export interface CaseJson {
  readonly system: string;
  readonly case: string;
  readonly what?: string;
  readonly config?: Json;
  readonly tensors?: Readonly<Record<string, CaseTensorJson>>;
  readonly files?: readonly string[] | Readonly<Record<string, Json>>;
  readonly weights?: string | { readonly file: string; readonly format: string };
  readonly call?: { readonly calls?: readonly Readonly<Record<string, Json>>[] };
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly fp64?: { readonly maxAbs?: Readonly<Record<string, Json>> } | null;
  readonly cost?: Json;
}

/** A tensor of the case under its common name. */
export interface NamedTensor {
  /** Without prefix and number. */
  readonly name: string;
  /** In `tensors` and in `io.safetensors`. */
  readonly key: string;
}

/** The one view that every dialect is turned into. */
export interface CaseView {
  readonly inputs: readonly NamedTensor[];
  /** In order of computation. */
  readonly expectations: readonly (NamedTensor & { readonly role: 'tap' | 'output' })[];
  readonly calls: readonly Readonly<Record<string, Json>>[];
  /** File or folder of the weights, relative to the case; undefined where there are none. */
  readonly weights?: string;
  /**
   * True where the dialect does not say which tensors are inputs: every one may be read as an input, and only those
   * that were not read have to be compared.
   */
  readonly rolesByUse?: boolean;
}

/**
 * Turns one dialect into the common view.
 *
 * @param files - Every file below the case folder, relative, `/` between folders.
 */
export type Adapter = (json: CaseJson, files: readonly string[]) => CaseView;
