import { writeTokensFile } from '../../src/tokens/container';
import { indexTokens } from '../arbitrary-tokens';
import { bytesOf } from '../attacks/pickle-writer';
import { officialFiles, seedFiles } from './seed-files';
import { checkpointSurvives, configSurvives, indexSurvives, tokensSurvive, type Survival } from './survives';

/** A reader and an honest file that changes of it start from. */
export interface FuzzTarget {
  /** `safetensors`, `torch zip`, …: also the name of its crash files. */
  readonly name: string;
  readonly seed: Uint8Array;
  readonly survives: Survival;
}

const ids = Array.from({ length: 200 }, (_, index) => (index * index) % 16);
const tokenFiles: Readonly<Record<string, Uint8Array>> = {
  tok: writeTokensFile([indexTokens(ids.slice(0, 40)), indexTokens(ids.slice(0, 3))]),
  'tok, entropy coded': writeTokensFile([indexTokens(ids)], { entropy: 'rans' }),
  'tok, chunks': writeTokensFile(
    [3, 0, 7].map((count) => indexTokens(ids.slice(0, count))),
    { itemsPerChunk: 2 },
  ),
};
const configs: Readonly<Record<string, string>> = {
  'json config': '{"model": {"vq": {"size": 16, "beta": 0.25, "names": ["a", null, true]}}, "seed": -1e-4}',
  'python config': "{'_target_': 'flextok.FSQ', 'levels': (8, 5, 4), 'drop': None, 'on': True, 'text': \"a\\n\"}",
  'yaml config':
    'model: &m\n  ch: 128\n  mult: [1, 2, 4]\n  lr: 1e-4\nother:\n  <<: *m\n  on: yes\n  pair: !!python/tuple [1, 2]\ntext: |\n  a\n',
};
const index = {
  'shard index': '{"metadata":{"total_size":16},"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}',
};

const targetsOf = (files: Readonly<Record<string, Uint8Array | string>>, survives: Survival): readonly FuzzTarget[] =>
  Object.entries(files).map(([name, seed]) => ({
    name,
    seed: typeof seed === 'string' ? bytesOf(new TextEncoder().encode(seed)) : seed,
    survives,
  }));

/** Every reader of files: checkpoints, tokens, indices, configurations. */
export const fuzzTargets: readonly FuzzTarget[] = [
  ...targetsOf(seedFiles, checkpointSurvives),
  ...targetsOf(officialFiles, checkpointSurvives),
  ...targetsOf(tokenFiles, tokensSurvive),
  ...targetsOf(index, indexSurvives),
  ...targetsOf(configs, configSurvives),
];
