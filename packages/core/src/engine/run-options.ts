export interface ProgressEvent {
  readonly stage: 'download' | 'read' | 'compile' | 'encode' | 'decode' | 'train';
  readonly completed: number;
  readonly total?: number;
  readonly unit: 'bytes' | 'tensors' | 'steps' | 'items' | 'frames' | 'seconds';
  /** File, model function or phase. */
  readonly label: string;
}

export interface RunOptions {
  /** Checked between runs, stages, chunks and reads. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
}
