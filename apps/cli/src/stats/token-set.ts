import type { Json, TokenizerIdentity, TokenLevel, Tokens } from '@tesserae/core';
import {
  codebookUsageAccumulator,
  codeFrequencyAccumulator,
  compressibilityAccumulator,
  entropyAccumulator,
  heapsAccumulator,
  zipfAccumulator,
  type CodebookUsage,
  type CodeFrequency,
  type Compressibility,
  type ItemHeapsCurve,
  type LevelEntropy,
  type ScanOrder,
  type ZipfFit,
} from '@tesserae/core/metrics';

/** Everything that is known about one level of a set. */
export interface LevelReport {
  /** From 1, coarse to fine. */
  readonly level: number;
  readonly kind: TokenLevel['kind'];
  /** Of a level of bits. */
  readonly bitsPerToken?: number;
  readonly usage: CodebookUsage;
  readonly entropy: LevelEntropy;
  readonly zipf: ZipfFit;
  readonly heaps: ItemHeapsCurve;
  readonly compressibility: Compressibility;
  readonly frequencies: readonly CodeFrequency[];
}

/** Tokens of one tokenizer, from any number of files. */
export interface TokenSet {
  readonly tokenizer: TokenizerIdentity;
  readonly files: readonly string[];
  readonly items: number;
  /** Adds the items of a file, all or none. @throws {TokensError | UnsupportedError} They cannot be counted together. */
  add(file: string, items: readonly Tokens[]): void;
  levels(): readonly LevelReport[];
  /** How each number was made. */
  protocols(): Readonly<Record<string, Json>>;
}

export function tokenSet(tokenizer: TokenizerIdentity, order: ScanOrder): TokenSet {
  const files: string[] = [];
  const kinds: Pick<LevelReport, 'kind' | 'bitsPerToken'>[] = [];
  const all = accumulators(order);
  let count = 0;
  return {
    tokenizer,
    files,
    get items() {
      return count;
    },
    add: (file, items) => {
      const own = accumulators(order);
      for (const item of items) {
        own.usage.add(item);
        own.entropy.add(item);
        own.zipf.add(item);
        own.heaps.add(item);
        own.compressibility.add(item);
        own.frequencies.add(item);
      }
      all.usage.merge(own.usage);
      all.entropy.merge(own.entropy);
      all.zipf.merge(own.zipf);
      all.heaps.merge(own.heaps);
      all.compressibility.merge(own.compressibility);
      all.frequencies.merge(own.frequencies);
      for (const { levels } of items) {
        for (const [index, level] of levels.entries()) kinds[index] ??= kindOf(level);
      }
      files.push(file);
      count += items.length;
    },
    levels: () => {
      const usage = all.usage.value().value;
      const entropy = all.entropy.value().value;
      const zipf = all.zipf.value().value;
      const heaps = all.heaps.value().value;
      const compressibility = all.compressibility.value().value;
      const frequencies = all.frequencies.value().value;
      return usage.map((own, index) => ({
        level: index + 1,
        ...kinds[index]!,
        usage: own,
        entropy: entropy[index]!,
        zipf: zipf[index]!,
        heaps: heaps[index]!,
        compressibility: compressibility[index]!,
        frequencies: frequencies[index]!,
      }));
    },
    protocols: () =>
      Object.fromEntries(Object.entries(all).map(([name, accumulator]) => [name, accumulator.value().protocol])),
  };
}

function accumulators(order: ScanOrder) {
  return {
    usage: codebookUsageAccumulator(),
    entropy: entropyAccumulator(),
    zipf: zipfAccumulator(),
    heaps: heapsAccumulator({ order }),
    compressibility: compressibilityAccumulator({ order }),
    frequencies: codeFrequencyAccumulator(),
  };
}

function kindOf(level: TokenLevel): Pick<LevelReport, 'kind' | 'bitsPerToken'> {
  return { kind: level.kind, ...(level.kind === 'bits' && { bitsPerToken: level.bitsPerToken }) };
}
