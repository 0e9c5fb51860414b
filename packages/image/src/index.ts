export { convFsq } from './conv-fsq/conv-fsq';
export type { ImageFormat, LoadedImage } from './io/loaded-image';
export { readImage, type ImageSource, type ReadImageOptions } from './io/read-image';
export { encodeImage, writeImage, type WriteImageOptions } from './io/write-image';
export type { WriteFormat } from './io/codec';
export { maskgitVqgan } from './maskgit-vqgan/maskgit-vqgan';
export { oneDPiece, type OneDPieceTokenizer } from './one-d-piece/one-d-piece';
export {
  imageFromFloats,
  pipelineNames,
  prepareImage,
  type FitMode,
  type PreparedImage,
  type PrepareImageOptions,
} from './pipelines/pipelines';
export {
  assembleTiles,
  prepareTiles,
  tileOf,
  type PreparedTiles,
  type PrepareTilesOptions,
  type TileLayout,
} from './pipelines/tiles';
export { undoFit, type UndoFitOptions } from './pipelines/undo-fit';
export { publishedAnswers, type PublishedAnswer } from './published/published-answers';
export { imageTokenizers } from './registry';
export { titok } from './titok/titok';
export type { TitokTokenizer } from './titok/tokenizer';
export type { ImageEncodeOptions, ImageTokenizer, ProgressiveImageTokenizer } from './tokenizer/image-tokenizer';
export { decodeTiled, encodeTiled, type EncodeTiledOptions } from './tokenizer/tiled';
