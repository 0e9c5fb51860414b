import { parseConfig as parseDac } from '../src/dac/config';
import { dac } from '../src/dac/dac';
import { parseConfig as parseMelRvq } from '../src/mel-rvq/config';
import { melRvq } from '../src/mel-rvq/mel-rvq';
import { parseConfig as parseSnac } from '../src/snac/config';
import { snac } from '../src/snac/snac';

const engine = { engine: 'cpu' } as const;

/** Hop 10, 24 kHz; an odd stride, three codebooks of 64. */
export const tinyDac = () =>
  dac.fromConfig(
    parseDac({
      encoder_dim: 4,
      encoder_rates: [2, 5],
      decoder_dim: 16,
      decoder_rates: [5, 2],
      n_codebooks: 3,
      codebook_size: 64,
      sample_rate: 24_000,
    }),
    engine,
  );

const tinySizes = { encoder_dim: 4, encoder_rates: [2, 3], decoder_rates: [3, 2], codebook_size: 64 };

/** Hop 6, 24 kHz; units of 4 frames, three levels, no attention. */
export const tinySnac = () =>
  snac.fromConfig(
    parseSnac({
      ...tinySizes,
      sampling_rate: 24_000,
      decoder_dim: 16,
      attn_window_size: null,
      vq_strides: [4, 2, 1],
    }),
    engine,
  );

/** Hop 6, 24 kHz; attention to 4 frames, units of 4, two levels, dense convolutions. */
export const tinyMusicSnac = () =>
  snac.fromConfig(
    parseSnac({
      ...tinySizes,
      sampling_rate: 24_000,
      encoder_dim: 16,
      decoder_dim: 64,
      attn_window_size: 4,
      vq_strides: [2, 1],
      depthwise: false,
    }),
    engine,
  );

/** Hop 32, 24 kHz; two spectra a token, three codebooks of 64. */
export const tinyMelRvq = () =>
  melRvq.fromConfig(
    parseMelRvq({
      sample_rate: 24_000,
      fft_length: 64,
      spectrum_hop: 16,
      mels: 12,
      encoder_width: 12,
      encoder_layers: 1,
      decoder_width: 16,
      decoder_layers: 2,
      codebooks: 3,
      codebook_size: 64,
      code_width: 6,
    }),
    engine,
  );
