import type { Json, Preset } from '@tesserae/core';
import {
  parseConfig as parseTitokConfig,
  presets as titokPresets,
  type ParseTitokOptions,
  type TitokConfig,
} from '../titok/config';

/** The legacy TiTok graph with 256 tokens, trained so that every prefix decodes. @throws {ConfigError} */
export function parseConfig(json: Json, options: ParseTitokOptions = {}): TitokConfig {
  return parseTitokConfig(json, options);
}

function preset(
  base: 'titok-l32' | 'titok-b64' | 'titok-s128',
  letter: 'L' | 'B' | 'S',
  parameters: number,
): Preset<TitokConfig> {
  const repository = `turing-motors/One-D-Piece-${letter}-256`;
  return {
    config: { ...titokPresets[base]!.config, latentTokens: 256 },
    source: { repository, file: 'pytorch_model.bin' },
    license: { name: 'Apache-2.0', use: 'any', url: `https://huggingface.co/${repository}` },
    pipeline: 'pil-bicubic-256',
    paper: '2501.10064',
    parameters,
  };
}

export const presets: Readonly<Record<string, Preset<TitokConfig>>> = {
  'one-d-piece-l256': preset('titok-l32', 'L', 641_742_863),
  'one-d-piece-b256': preset('titok-b64', 'B', 205_256_463),
  'one-d-piece-s256': preset('titok-s128', 'S', 83_871_247),
};
