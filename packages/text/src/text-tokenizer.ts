import { fromBinary } from './binary/from-binary';
import { fromPacked } from './bpe/from-packed';
import { fromTiktoken } from './bpe/from-tiktoken';
import { fromTokenizerJson } from './pipeline/tokenizer-json';
import { fromVocabularyAndMerges, fromWordPieceText } from './pipeline/vocabulary-files';
import { fromSentencePiece } from './sentencepiece/sentencepiece';
import { fromBytes } from './tokenizer/from-bytes';

/** Makes tokenizers of files that are at hand. All synchronous. */
export const textTokenizer = {
  /** A Hugging Face tokenizer.json. */
  fromJson: fromTokenizerJson,
  /** A tiktoken rank file with the encoding that it is for. */
  fromTiktoken,
  /** A SentencePiece `.model` file. */
  fromSentencePiece,
  /** A vocabulary of `@tesserae/text/vocabularies/…`. */
  fromPacked,
  /** What `save('binary')` wrote. */
  fromBinary,
  /** `vocab.txt` of BERT: a WordPiece token a line. */
  fromWordPieceText,
  /** `vocab.json` and `merges.txt` of GPT-2 and its relatives. */
  fromVocabularyAndMerges,
  /** A tokenizer.json, a `.model` file or the binary form, told apart by their content. */
  fromBytes,
};
