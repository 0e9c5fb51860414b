import type { Preset } from '@tesserae/core';
import { audioPipeline } from '../tokenizer/prepare-audio';
import { type BeatsConfig, parseConfig } from './config';
import { beatsTarget } from './rooms';

/** The published flags; a file has its own `cfg`, which goes before them. */
const config = parseConfig({
  input_patch_size: 16,
  deep_norm: true,
  relative_position_embedding: true,
  gru_rel_pos: true,
  max_distance: 800,
});

const page = 'https://github.com/microsoft/unilm/tree/master/beats';

/** @param link - Of the official README; `download=1` asks the host for the file instead of a page about it. */
function preset(file: string, link: string): Preset<BeatsConfig> {
  return {
    config,
    source: { url: `https://1drv.ms/u/s!${link}&download=1`, file },
    license: { name: 'MIT', use: 'any', url: page },
    pipeline: audioPipeline(beatsTarget),
    paper: '2212.09058',
    parameters: 91_361_392,
  };
}

/** Every published self-distilled tokenizer. Labels of one are not those of another. */
export const presets: Readonly<Record<string, Preset<BeatsConfig>>> = {
  'beats-iter2': preset('Tokenizer_iter2.pt', 'AqeByhGUtINrgcpnFGsfd_buKng5Pw?e=avWBJw'),
  'beats-iter3': preset('Tokenizer_iter3.pt', 'AqeByhGUtINrgcp1DEzUBtzHapxcqw?e=JZI5Uf'),
  'beats-iter3-plus-as20k': preset('Tokenizer_iter3_plus_AS20K.pt', 'AqeByhGUtINrgcpz_SnXxs0SrwHEwA?e=14nugm'),
  'beats-iter3-plus-as2m': preset('Tokenizer_iter3_plus_AS2M.pt', 'AqeByhGUtINrgcppJUDx2TmXiIMFyQ?e=pJsOLl'),
};
