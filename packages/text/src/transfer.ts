export {
  addCount,
  type AlignmentCounts,
  countAlignment,
  invertMapping,
  transposeCounts,
} from './fusechat/alignment-counts';
export {
  alignByOffsets,
  type AlignmentStyle,
  alignTokens,
  type AlignTokensOptions,
  byteAlphabetSpellings,
  respell,
  type SpaceMarkers,
} from './fusechat/align-tokens';
export {
  type CountMappingOptions,
  mapVocabularyByCounts,
  mapVocabularyByText,
  type MarkedVocabulary,
} from './fusechat/map-vocabulary';
export type { ModelText, TransferPolicy } from './fusechat/partner-step';
export { type TopLogits, transferDistributions, type TransferOptions } from './fusechat/transfer-distributions';
export type { Alignment, Warping } from './fusechat/warp';
