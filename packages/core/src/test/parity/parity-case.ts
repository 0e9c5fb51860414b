import type { Checkpoint } from '../../checkpoint/checkpoint';
import type { EngineName, HostTensor, HostTensors, Tensors } from '../../engine/engine';
import type { Model } from '../../pretrained/model';
import type { System } from '../../pretrained/system';
import type { Json } from '../../signal/signal';
import type { Layout } from './layout';

/** A result that a case holds, in order of computation. */
export interface Expectation {
  /** Without prefix and number: `tap.02.encoder.block0_LND` is `encoder.block0_LND`. */
  readonly name: string;
  /** Taps are compared when reported; an output that is never reported fails the case. */
  readonly role: 'tap' | 'output';
  /** Largest absolute difference allowed: 0 for integers, 1 for bytes, architecture 4.2 for floats. */
  readonly tolerance: number;
  /** Of the whole tensor, in the official layout. */
  readonly shape: readonly number[];
}

export interface LoadCaseOptions<Config> {
  /** Where the weights carry none, or to override what they carry. */
  readonly config?: Config;
  /** Another file or folder of the case: `model.pth`, `hub`, `decoder.jit`. Default: the one the case names. */
  readonly file?: string;
}

export interface CheckpointCaseOptions {
  /** As in {@link LoadCaseOptions}. */
  readonly file?: string;
  /** Where a pickle keeps the state dict: `['model']`. */
  readonly nesting?: readonly string[];
}

export interface EvaluateOptions {
  /** The function computes gradients: run it where every gradient kernel exists (compiled, or `cpu`). */
  readonly gradients?: boolean;
}

/** One case of the official code, whatever dialect its `case.json` speaks. */
export interface ParityCase {
  /** Modality and system: `image/titok`. */
  readonly key: string;
  /** `legacy-n6`. */
  readonly name: string;
  readonly config: Json;
  /** What to call, `[{}]` where the case has no list. */
  readonly calls: readonly Readonly<Record<string, Json>>[];
  /** The whole `case.json`, for the few facts that no other field gives. */
  readonly facts: Readonly<Record<string, Json>>;
  readonly expectations: readonly Expectation[];
  /** Names of the inputs, without prefix. */
  readonly inputs: readonly string[];
  /** Engine of this run; `cpu` for text, which starts one only when {@link evaluate} or {@link load} is called. */
  readonly engine: EngineName;
  /** True while the case expects a tensor of this name. */
  expects(name: string): boolean;
  /**
   * An input as the model takes it: float32, or int32 for integers and bytes.
   *
   * @throws {InputError} When the case has no such input.
   */
  input(name: string, layout?: Layout): HostTensor;
  /**
   * A result of the official code, to be fed to a later stage. float64 is rounded to float32 here, not in comparisons.
   *
   * @throws {InputError} When the case has no such result, or only holds a part of it.
   */
  expected(name: string, layout?: Layout): HostTensor;
  /** Parses a JSON file of the case; `.gz` may be left out; `../../strings/awkward/awkward.json` reaches siblings. */
  json(file: string): Promise<Json>;
  /** Bytes of a file of the case, unpacked where the name given lacks the `.gz` of the stored one. */
  bytes(file: string): Promise<Uint8Array>;
  /** Path of the weights: a file, or a folder in hub layout. Formula weights are generated first. */
  weightsPath(file?: string): Promise<string>;
  /** The weights as a checkpoint, for cases without a System; closed after the case. */
  checkpoint(options?: CheckpointCaseOptions): Promise<Checkpoint>;
  /** One stored tensor of {@link checkpoint}, official layout. */
  weight(key: string, options?: CheckpointCaseOptions): Promise<HostTensor>;
  /** Opens whatever weights the case has through the ordinary loader; disposed after the case. Taps are collected. */
  load<Config>(system: System<Config, unknown>, options?: LoadCaseOptions<Config>): Promise<Model<Config>>;
  /** Runs a function without weights (or with weights among its inputs) on the engine of this run. */
  evaluate(run: (inputs: Tensors) => Tensors, inputs: HostTensors, options?: EvaluateOptions): Promise<HostTensors>;
}

/** What a runner hands in: a host tensor, or doubles where the system computes in float64. */
export interface MeasuredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Float64Array;
}

export interface TensorReportOptions {
  /** Largest absolute difference allowed, instead of that of the case. 0 means equal values. */
  readonly tolerance?: number;
}

export interface AllReportOptions {
  /** What the names of the case begin with here: `image.fused.`. */
  readonly prefix?: string;
  /** How our layouts become official: the first that fits the rank of a tensor, or a choice by name. */
  readonly layout?: Layout | readonly Layout[] | ((name: string, tensor: HostTensor) => Layout);
}

export interface ParityReport {
  /**
   * Compares one tensor. `undefined` fails: the runner expected the model to return it.
   *
   * @param name - Of an expectation; the full name of the case file is accepted as well.
   * @param layout - How `actual` becomes official: `nhwc-nchw`. Axes of length 1 are not compared.
   */
  tensor(name: string, actual: MeasuredTensor | undefined, layout?: Layout, options?: TensorReportOptions): void;
  /** Compares every expectation that has no comparison yet and that `outputs` names, as `name` or as `tap:name`. */
  all(outputs: HostTensors, options?: AllReportOptions): void;
  /** Compares strings, ids or JSON exactly. The name need not be one of the case. */
  equal(name: string, actual: unknown, expected: unknown): void;
  /** The case cannot run here, and why: a vocabulary package that is not installed. */
  skip(reason: string): void;
}

export type ParityRunner = (test: ParityCase, report: ParityReport) => Promise<void>;

/** Runners of a package, by system: `{ titok: runTitok }`. */
export type ParityRunners = Readonly<Record<string, ParityRunner>>;
