export type { VocosLogMelOptions } from './dsp/log-mel';
export { melDistance, multiScaleMelDistance } from './metrics/mel-distance';
export { siSdr } from './metrics/si-sdr';
export { multiResolutionStft, multiScaleStft, type StftDistance } from './metrics/stft-distance';
export { stoi, type StoiOptions } from './metrics/stoi';
export { type WaveformError, waveformError } from './metrics/waveform-error';
