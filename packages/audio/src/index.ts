export { beats } from './beats/beats';
export { type BeatsRandomConfig, parseRandomConfig as parseBeatsRandomConfig } from './beats/random-config';
export { beatsRandomProjection, type BeatsRandomTokenizer } from './beats/random-projection';
export { drawBeatsRandomWeights } from './beats/random-weights';
export type { BeatsTokenizer } from './beats/tokenizer';
export type { CompressOptions, DacFiles, ToDacOptions } from './dac/compress';
export { dac } from './dac/dac';
export { type DacFile, readDacFile } from './dac/dac-file';
export type { DacTokenizer } from './dac/tokenizer';
export { writeDacFile } from './dac/write-dac-file';
export { concatSamples } from './dsp/concat-samples';
export { type KaldiFbankOptions, kaldiFbank } from './dsp/kaldi-fbank';
export {
  type LogMel,
  type VocosLogMelOptions,
  vocosLogMel,
  type WhisperLogMelOptions,
  whisperLogMel,
} from './dsp/log-mel';
export { integratedLoudness } from './dsp/loudness';
export { type MonoPolicy, resampleSignal, toMono } from './dsp/mono';
export { type RealFft, realFft } from './dsp/real-fft';
export { resample, resampledLength, type StreamResampler, streamResampler } from './dsp/resample';
export { istft, magnitudes, type Spectrogram, stft, type StftOptions } from './dsp/stft';
export { encodec } from './encodec/encodec';
export type { EcdcOptions } from './encodec/ecdc';
export { type EncodecLanguageModel, openEncodecLanguageModel } from './encodec/language-model';
export type { EncodecEncodeOptions, EncodecTokenizer } from './encodec/tokenizer';
export { type AudioFormat, audioFormat, formatNames } from './io/audio-format';
export type { AudioByteStream, AudioSourceInput } from './io/audio-source';
export { decodeAudio, readAudio } from './io/read-audio';
export { readAudioStream } from './io/read-audio-stream';
export type { RawAudioFormat, ReadAudioOptions } from './io/read-options';
export type { WrittenFormat } from './io/sample-format';
export type { SampleLayout } from './io/sample-layout';
export { decodeWav, encodeWav, type EncodeWavOptions, wavHeader, type WavHeaderInit } from './io/wav';
export { encodeAudio, type WritableAudio, writeAudio } from './io/write-audio';
export type { AudioByteSink, AudioFileFormat, EncodeAudioOptions, NodeByteSink } from './io/write-options';
export { checkSound } from './mel-rvq/check-sound';
export { melRvq } from './mel-rvq/mel-rvq';
export type { MelRvqTokenizer } from './mel-rvq/tokenizer';
export { mimi } from './mimi/mimi';
export type { MimiDecodeOptions, MimiEncodeOptions, MimiTokenizer } from './mimi/tokenizer';
export { audioTokenizers } from './registry';
export { detectSound, type EnergyDetectorOptions, type SampleRange } from './segment/energy-detector';
export type { SegmentOptions, SoundDetector } from './segment/next-cut';
export { segmentSound } from './segment/segment-sound';
export { segmentStream, type SoundSegment } from './segment/segment-stream';
export { s3 } from './s3/s3';
export type { S3EncodeOptions, S3Tokenizer } from './s3/tokenizer';
export { snac } from './snac/snac';
export type { SnacDecodeOptions, SnacTokenizer } from './snac/tokenizer';
export type {
  AudioDecodeOptions,
  AudioEncodeOptions,
  AudioEncoder,
  AudioLatents,
  AudioStreamDecoder,
  AudioStreamEncoder,
  AudioStreamOptions,
  AudioTokenizer,
} from './tokenizer/audio-tokenizer';
export { splitChannels } from './tokenizer/prepare-audio';
export type { WavtokenizerDecodeOptions, WavtokenizerTokenizer } from './wavtokenizer/tokenizer';
export { wavtokenizer } from './wavtokenizer/wavtokenizer';
