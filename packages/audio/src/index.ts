export { type KaldiFbankOptions, kaldiFbank } from './dsp/kaldi-fbank';
export {
  type LogMel,
  type VocosLogMelOptions,
  vocosLogMel,
  type WhisperLogMelOptions,
  whisperLogMel,
} from './dsp/log-mel';
export { type MonoPolicy, resampleSignal, toMono } from './dsp/mono';
export { type RealFft, realFft } from './dsp/real-fft';
export { resample, resampledLength, type StreamResampler, streamResampler } from './dsp/resample';
export { istft, magnitudes, type Spectrogram, stft, type StftOptions } from './dsp/stft';
