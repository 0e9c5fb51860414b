/** Whose update rule a codebook follows. */
export type CodebookFlavor = 'lucidrains' | 'encodec' | 'sonnet' | 'norm-ema' | '4m-euclidean' | '4m-cosine';

/** How one code base moves its codes. */
export interface FlavorRule {
  readonly decay: number;
  /** `sums`: codes are averages of sums over counts. `directions`: codes move towards the mean direction of the batch. */
  readonly follows: 'sums' | 'directions';
  /** The smoothed counts replace the counts. */
  readonly keepsSmoothedCounts?: true;
  /** Codes are scaled back to length 1 after they moved. */
  readonly staysOnSphere?: true;
  /** Codes that no vector chose move towards their own direction instead of staying. */
  readonly pullsUnused?: true;
  /** What k-means sets: sums and counts, from which codes are read out; everything to the means as they are; codes only. */
  readonly start: 'averages' | 'means' | 'codes';
}

/** What the flavors differ in: vector-quantize-pytorch, EnCodec, Sonnet (AURORA), BEATs and BEiT-2, 4M. */
export const codebookFlavors: Readonly<Record<CodebookFlavor, FlavorRule>> = {
  lucidrains: { decay: 0.8, follows: 'sums', start: 'averages' },
  encodec: { decay: 0.99, follows: 'sums', start: 'means' },
  sonnet: { decay: 0.99, follows: 'sums', keepsSmoothedCounts: true, start: 'averages' },
  'norm-ema': { decay: 0.99, follows: 'directions', staysOnSphere: true, start: 'codes' },
  '4m-euclidean': { decay: 0.8, follows: 'sums', start: 'means' },
  '4m-cosine': { decay: 0.8, follows: 'directions', pullsUnused: true, start: 'means' },
};

/** Official names of the state, relative to the codebook module. */
export const codebookBuffers: Readonly<
  Record<CodebookFlavor, Readonly<Record<'codes' | 'counts', string>> & { readonly sums?: string }>
> = {
  lucidrains: { codes: 'embed', counts: 'cluster_size', sums: 'embed_avg' },
  encodec: { codes: 'embed', counts: 'cluster_size', sums: 'embed_avg' },
  sonnet: { codes: '_embedding', counts: '_ema_cluster_size', sums: '_ema_w' },
  'norm-ema': { codes: 'embedding.weight', counts: 'cluster_size' },
  '4m-euclidean': { codes: 'embed', counts: 'cluster_size', sums: 'embed_avg' },
  '4m-cosine': { codes: 'embed', counts: 'cluster_size' },
};
