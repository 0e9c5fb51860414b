export { exportMelRvq, type MelRvqData, trainMelRvq, type TrainMelRvqOptions } from './mel-rvq/train';
export {
  buffersOfStates,
  type ResidualCodebookDraws,
  type ResidualCodebookOptions,
  type ResidualCodebookTraining,
  statesOfBuffers,
  trainResidualCodebooks,
} from './train/residual-codebooks';
export {
  defaultResolutions,
  type SpectralLosses,
  spectralLosses,
  type SpectralLossOptions,
  type SpectralResolution,
  waveformLoss,
} from './train/spectral-losses';
export { startCodebooks, type StartCodebookOptions } from './train/start-codebooks';
