export {
  type AdditionFormat,
  additionProblem,
  additionPrompt,
  type AdditionShot,
  sampleAddition,
  type Summands,
} from './digits/addition';
export {
  type AdditionAnalysis,
  type AdditionAnalysisOptions,
  additionCarries,
  analyzeAddition,
  digitErrors,
  type DigitPlaces,
  digitPlaces,
} from './digits/addition-errors';
export { chunkDigits, type DigitDirection, digitSeparators, formatDigits } from './digits/chunk-digits';
export {
  digitSplitPattern,
  groupDigits,
  type GroupDigitsOptions,
  splitDigits,
  ungroupDigits,
} from './digits/group-digits';
export { byteShares, inferMixture, type InferMixtureOptions, type InferredMixture } from './mixture/infer-mixture';
export type { MixtureConstraint, MixtureProgram, MixtureSolution } from './mixture/mixture-program';
export {
  type CountedWord,
  countMergedPairs,
  type Merge,
  type PairHistory,
  type PairKey,
  pairKey,
  pairSeparator,
} from './mixture/pair-history';
export { type PublishedPipeline, publishedPipelines } from './mixture/published-pipelines';
export {
  type SegmentationScores,
  segmentationScores,
  type TermVocabularyOptions,
  vocabularyFromTerms,
} from './biomedical/segmentation-scores';
export {
  type TypedTokenizer,
  typedTokenizer,
  type TypedTokenizerOptions,
  type TypedVocabulary,
  type TypedWord,
} from './biomedical/typed-vocabulary';
export {
  type Cipher,
  lexinvariantEmbed,
  type LexinvariantOptions,
  type PermutedIds,
  permuteIds,
  substitutionCipher,
} from './lexinvariant/lexinvariant';
export { type LzwTokenizer, lzwTokenizer } from './markov/lzw';
export { type MarkovSource, markovSource, unigramCrossEntropy } from './markov/markov-source';
export {
  type CompareOptions,
  compareTokenizers,
  type TokenCount,
  type TokenCounter,
} from './token-counts/compare-tokenizers';
export {
  type Haystack,
  type HaystackOptions,
  type HaystackThread,
  keyValueHaystack,
} from './token-counts/key-value-haystack';
export { distributionKurtosis, sentenceConfidence, type SentenceConfidence } from './token-view/confidence';
export { type RenderOptions, renderTokens } from './token-view/render-tokens';
export { attestedLanguages } from './qtok/attested-languages';
export {
  encodingMetrics,
  type EncodingMetrics,
  type EncodingMetricsOptions,
  type LanguageParity,
  type MeasuredTokenizer,
  renyiEfficiency,
  tokenizationParity,
} from './qtok/encoding-metrics';
export { type QtokVocabulary, readQtokVocabulary } from './qtok/read-vocabulary';
export { classifyToken, type ScriptRule, type TokenClass, type TokenKind, tokenKinds } from './qtok/token-classes';
export { unreachableTokens } from './qtok/unreachable-tokens';
export {
  type ShareRow,
  type VocabularyReport,
  vocabularyReport,
  type VocabularyReportOptions,
} from './qtok/vocabulary-report';
