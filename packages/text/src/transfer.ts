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
export { dynamicBpe, type DynamicBpeOptions, type DynamicTokens } from './dynamic-bpe/dynamic-bpe';
export { createEmbeddingCache, type EmbeddingCache } from './dynamic-bpe/embedding-cache';
export {
  type FramedWords,
  type FrameOptions,
  framePair,
  framePrompt,
  frameWords,
  wordIdsOfTokens,
} from './dynamic-bpe/frame';
export { createLongestPrefixEncoder } from './dynamic-bpe/longest-prefix';
export { mergesForReduction, mergesToMeanLength } from './dynamic-bpe/merge-budget';
export {
  createMergeTest,
  defaultSpecialTokens,
  type MergeBoundary,
  type MergeRules,
  punctuationTokens,
} from './dynamic-bpe/mergeable';
export type { Matrix } from './numeric/matrix';
export { nearestRows, type NearestRows } from './numeric/nearest-rows';
export {
  type CanonicalToken,
  canonicalTokens,
  type CanonicalTokensOptions,
  type TokenStyle,
} from './focus/canonical-tokens';
export { focusEmbeddings, type FocusOptions, focusWeights } from './focus/focus';
export { findOverlap, type OverlapOptions, type OverlappingToken, type VocabularyOverlap } from './focus/overlap';
export { sparsemax } from './focus/sparsemax';
export { type RowWeights, weightedRow } from './numeric/weighted-rows';
export { multiply, orthogonalProcrustes, reduceColumns, singularValues, type SingularValues } from './numeric/svd';
export { alignByDictionary, parseDictionary, type WordPair, type WordVectors } from './wechsel/dictionary';
export { subwordVectorsOfTexts, subwordVectorsOfWords, type SubwordVectorsOptions } from './wechsel/subword-vectors';
export { wechselEmbeddings, type WechselEmbeddings, type WechselOptions } from './wechsel/wechsel';
export {
  alignWords,
  type AlignWordsOptions,
  type SentencePair,
  type WordTranslation,
} from './transtokenizer/align-words';
export { joinWords } from './transtokenizer/join-words';
export {
  mapTokens,
  type MapTokensOptions,
  parseWordAlignments,
  type SpecialTokenNames,
  type TranslationVocabulary,
  type WordAlignment,
} from './transtokenizer/map-tokens';
export { remapEmbeddings } from './transtokenizer/remap-embeddings';
export { smoothMapping, type SmoothMappingOptions, type TokenMixture } from './transtokenizer/smooth-mapping';
export { addTranslation, addWordTranslation, type TranslationCounts } from './transtokenizer/token-counts';
export {
  initializeRows,
  type InitializeRowsOptions,
  meanOfPieces,
  type RowInitialization,
} from './cw2v/initialize-rows';
export { mergePieces, type ScoredPiece } from './cw2v/merge-pieces';
export { countIds, createNoise, type SkipGramOptions, type SkipGramPairs, skipGramPairs } from './cw2v/skip-gram-pairs';
export {
  type ConvexEmbeddings,
  type ConvexTrainingOptions,
  type ConvexTrainingProgress,
  trainConvexEmbeddings,
} from './cw2v/train-convex-embeddings';
export { byteLevelTokenizer, type ByteLevelOptions, type ByteLevelTokenizer } from './zett/byte-level';
export { sampleVocabulary, type SampledPiece, type VocabularySampleOptions } from './zett/sample-vocabulary';
export { type SurfaceForms, surfaceForms, type SurfaceOptions } from './zett/surface-forms';
export { type CountedPretoken, unigramify, type UnigramifyOptions, type UnigramScores } from './zett/unigramify';
