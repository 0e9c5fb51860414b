export {
  CheckpointError,
  type CheckpointErrorCode,
  type CheckpointErrorDetails,
  type MisshapedTensor,
} from './checkpoint-error';
export { ConfigError } from './config-error';
export { EngineError, type EngineErrorCode } from './engine-error';
export { InputError } from './input-error';
export { PretrainedError, type PretrainedErrorCode } from './pretrained-error';
export { ShapeError } from './shape-error';
export { TesseraeError } from './tesserae-error';
export { TokensError, type TokensErrorCode } from './tokens-error';
export { UnsupportedError } from './unsupported-error';
