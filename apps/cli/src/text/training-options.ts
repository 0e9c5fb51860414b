import type { ArgsDef } from 'citty';

/** What `--algorithm` takes. */
export const trainingAlgorithms = [
  'bpe',
  'unigram',
  'wordpiece',
  'wordlevel',
  'superbpe',
  'boundlessbpe',
  'pickybpe',
] as const;
export type AlgorithmName = (typeof trainingAlgorithms)[number];

/** What `--preset` takes. */
export const trainingPresets = ['genome', 'akshara'] as const;

/** Options that say what is learned. */
export const trainingOptions: ArgsDef = {
  algorithm: {
    type: 'string',
    alias: 'a',
    valueHint: trainingAlgorithms.join('|'),
    description: 'What is learned, in the usual pipeline of each (default: bpe)',
  },
  preset: {
    type: 'string',
    valueHint: trainingPresets.join('|'),
    description: 'BPE of FASTA files as DNABERT-2 has it; BPE or Unigram that never split letters from their marks',
  },
  like: {
    type: 'string',
    valueHint: 'tokenizer.json',
    description: 'Normalizer, pre-tokenizer and decoder of this file',
  },
  'vocabulary-size': { type: 'string', alias: 'n', valueHint: 'n', description: 'Tokens at most (default: 32000)' },
  'minimum-frequency': {
    type: 'string',
    valueHint: 'n',
    description: 'Rarer pairs or words are left out (default: 0)',
  },
  'special-tokens': {
    type: 'string',
    valueHint: 'a,b',
    description: 'The first ids (default: those of the model that made the algorithm known)',
  },
  transition: { type: 'string', valueHint: 'n', description: 'SuperBPE: merges within words, before those over them' },
  'deletion-threshold': {
    type: 'string',
    valueHint: '0..1',
    description:
      'PickyBPE, BoundlessBPE: share of its occurrences that a merge takes before a token goes (default: 0.9)',
  },
};
