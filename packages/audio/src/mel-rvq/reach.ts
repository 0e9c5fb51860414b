import { hopLength, type MelRvqConfig } from './config';

/** Tokens before and behind that something depends on. */
export interface TokenReach {
  readonly left: number;
  readonly right: number;
}

/** Spectra to each side that a block of seven steps looks at. */
const blockSide = 3;

/** Tokens whose sound a token depends on: a spectrum, three steps, and the blocks. */
export function encoderReach(config: MelRvqConfig): TokenReach {
  const { fftLength, spectrumHop, encoderLayers } = config;
  const side = Math.ceil((fftLength - spectrumHop) / 2 / hopLength(config)) + 1 + blockSide * encoderLayers;
  return { left: side, right: side };
}

/** Tokens that the sound of a token depends on. */
export function decoderReach({ fftLength, spectrumHop, spectraPerToken, decoderLayers }: MelRvqConfig): TokenReach {
  const spectra = Math.ceil((fftLength - spectrumHop) / 2 / spectrumHop) + blockSide * decoderLayers;
  const side = Math.ceil(spectra / spectraPerToken) + 1;
  return { left: side, right: side };
}
