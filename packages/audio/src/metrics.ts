export { logMelDifference, type VocosLogMelOptions } from './dsp/log-mel';
export { siSdr } from './metrics/si-sdr';
export { stoi, type StoiOptions } from './metrics/stoi';
