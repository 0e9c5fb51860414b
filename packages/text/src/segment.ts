export { type BlockInputs, characterBlocks, tokenBlocks, type TokenFrame } from './sat/block-inputs';
export { characterHashes, type HashOptions } from './sat/character-hashes';
export { constrainedEnds, type LengthLimits } from './sat/constrained-ends';
export { type CutOptions, cutText, endsAbove } from './sat/cut-text';
export { cutToLengths } from './sat/cut-to-lengths';
export { bestThreshold } from './sat/best-threshold';
export {
  type FitMixtureOptions,
  fitPunctuationMixture,
  type FittedMixture,
  type PunctuationMixture,
  punctuationProbabilities,
  sentenceEndLabels,
} from './sat/punctuation-mixture';
export { type LengthPrior, lengthPrior } from './sat/length-prior';
export { type Block, type BlockOptions, type BlockPlan, planBlocks } from './sat/plan-blocks';
export { type SentenceLength, sentenceLengths } from './sat/sentence-lengths';
export { type ParagraphOptions, splitParagraphs, type SplitOptions, splitSentences } from './sat/split-sentences';
export { stitchBlocks, type StitchOptions } from './sat/stitch-blocks';
export { endProbabilities, type TokenScoreOptions, tokenScoresToCharacters } from './sat/token-scores';
export type { LogisticOptions } from './numeric/logistic-regression';
export { hatSplit, hatSplitBytes, type HatByteOptions } from './hat/hat-split';
export { splitWords } from './word-break/split-words';
export { createLexicon, type Lexicon } from './less-is-better/lexicon';
export {
  createLibVocabulary,
  type LibSegmentOptions,
  type LibVocabulary,
  segmentByLexicon,
  splitChunk,
} from './less-is-better/segment';
export { selfiesVocabulary, splitSelfies } from './selfies/selfies';
export { type HashtagOptions, type HashtagReading, segmentHashtag, type WordCounts } from './hashtags/segment-hashtag';
export { boundariesOfLengths, pk, windowDiff, type WindowOptions } from './segmentation/boundary-scores';
export {
  pairFeatures,
  selectByGradient,
  type SelectionOptions,
  type SemanticOptions,
  semanticSegments,
} from './segmentation/semantic-segments';
export { embeddingTiling, textTiling, type TilingOptions } from './segmentation/text-tiling';
export { type SameTopic, topicalSegments, type TopicPair, topicPairs } from './segmentation/topical-segments';
export {
  type GrammarArc,
  type GrammarPath,
  lexiconOf,
  segmentByGrammar,
  type SubwordGrammar,
} from './subword-grammar/subword-grammar';
export { compoundModelFile, type ScoredPieces } from './compoundpiece/compound-model';
export {
  type Decompounder,
  dictionaryDecompounder,
  type DictionaryDecompounderOptions,
} from './compoundpiece/dictionary-decompounder';
export { applyEdits, byteEditLabels, type EditLabel, type LabelRound } from './compoundpiece/edit-labels';
export { hyphenTask, type HyphenTask, type HyphenTaskOptions } from './compoundpiece/hyphen-task';
export { segmentCompoundText, type TextWord } from './compoundpiece/segment-words';
export { splitByParts, type SplitByPartsOptions } from './compoundpiece/split-by-parts';
export { compoundTrainingParts, countCompoundWords, type TrainingPartsOptions } from './compoundpiece/training-parts';
