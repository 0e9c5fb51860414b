/** What the engine and its session worker say to each other. Plain data: everything passes `postMessage`. */

/** Given once, when the worker starts. */
export interface WorkerSetup {
  readonly runtime: 'node' | 'web';
  /** Of onnxruntime-web, for all sessions; browsers decide themselves. onnxruntime-node is told with each session. */
  readonly threads: number;
}

/** A tensor on its way: `data` is transferred. */
export interface WireTensor {
  readonly type: 'float32' | 'int32' | 'int64' | 'bool';
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
}

export interface SessionSettings {
  readonly threads: number;
  readonly prepack: boolean;
  readonly optimization: 'disabled' | 'basic' | 'extended' | 'all';
  /** Whether idle threads wait busily between operators. */
  readonly spinning: boolean;
  /** Whether an arena keeps the memory of a run for the next one; it takes up to twice what the run needs. */
  readonly arena: boolean;
}

/** One model of a chain: outputs of earlier ones that later ones need stay in the worker. */
export interface WireModel {
  readonly bytes: Uint8Array;
  /** Outputs that leave the worker, of those that the model has. */
  readonly results: readonly string[];
  /** Values of earlier models that nobody needs after this one. */
  readonly drops: readonly string[];
}

export type WorkerRequest =
  | { readonly kind: 'probe'; readonly id: number }
  | {
      readonly kind: 'create';
      readonly id: number;
      /** Chosen by the engine; names the chain from now on. */
      readonly session: number;
      readonly models: readonly WireModel[];
      readonly settings: SessionSettings;
      /** Folder that the locations of external weights are relative to. */
      readonly folder?: string;
      /** Weights in memory. With one, all external weights have to be here. */
      readonly buffers?: readonly { readonly path: string; readonly data: Uint8Array }[];
    }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly session: number;
      readonly inputs: Readonly<Record<string, WireTensor>>;
    }
  /** Ends a run between two models; no answer of its own. */
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'release'; readonly id: number; readonly session: number }
  /** The worker ends once everything before is done. */
  | { readonly kind: 'close'; readonly id: number };

export type WorkerReply =
  | { readonly kind: 'progress'; readonly id: number; readonly completed: number; readonly total: number }
  | { readonly kind: 'done'; readonly id: number; readonly outputs?: Readonly<Record<string, WireTensor>> }
  | { readonly kind: 'cancelled'; readonly id: number }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly message: string;
      /** Where the model was written to, for a report. */
      readonly dump?: string;
    };
