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
export { decodeAudio, readAudio, type ReadAudioOptions } from './io/read-audio';
export type { WrittenFormat } from './io/sample-format';
export { decodeWav, encodeWav, type EncodeWavOptions, wavHeader, type WavHeaderInit } from './io/wav';
