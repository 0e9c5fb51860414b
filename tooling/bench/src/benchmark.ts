/** Where a benchmark says what it does and what it found. */
export interface BenchmarkOutput {
  /** What is being done: standard error. */
  readonly say: (text: string) => void;
  /** Lines of the result: standard output. */
  readonly print: (lines: readonly string[]) => void;
  /** A relative path counts from where the user stands. */
  readonly pathOf: (file: string) => string;
}

/** One thing that `npm run bench` measures. */
export interface Benchmark {
  /** For `--help`. */
  readonly summary: string;
  /**
   * @param given - What follows the name.
   * @returns Exit code: 1 where `--check` found a figure below its limit.
   * @throws {UsageError}
   */
  readonly run: (given: readonly string[], output: BenchmarkOutput) => Promise<number>;
}
