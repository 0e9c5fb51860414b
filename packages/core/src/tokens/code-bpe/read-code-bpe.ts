import { TokensError } from '../../errors/tokens-error';
import type { Json } from '../../signal/signal';
import { checkIdentity, checkVocabularySize, record } from '../validate-tokens';
import type { CodeBpeData } from './code-bpe';
import type { Merge } from './learn-merges';

/** @throws {TokensError} `unsupported-version`; `invalid-tokens`: a field is missing or wrong. */
export function readCodeBpe(json: Json): CodeBpeData {
  const { format, version, tokenizer, order, vocabularySizes, merges } = record('code BPE', json);
  if (format !== 'tesserae-code-bpe' || version !== 1) {
    throw new TokensError('unsupported-version', `code BPE: expected tesserae-code-bpe 1, got ${format} ${version}.`);
  }
  if (order !== 'level' && order !== 'time') {
    throw invalid('order', 'level or time');
  }
  if (!Array.isArray(vocabularySizes) || vocabularySizes.length === 0) {
    throw invalid('vocabularySizes', 'a list of at least one size');
  }
  if (!Array.isArray(merges) || !merges.every(isMerge)) {
    throw invalid('merges', 'a list of pairs of ids');
  }
  return {
    tokenizer: checkIdentity(tokenizer),
    order,
    vocabularySizes: vocabularySizes.map((size, level) => checkVocabularySize(`code BPE: level ${level}`, size)),
    merges,
  };
}

function isMerge(value: unknown): value is Merge {
  return Array.isArray(value) && value.length === 2 && value.every((id) => Number.isInteger(id) && id >= 0);
}

function invalid(field: string, expected: string): TokensError {
  return new TokensError('invalid-tokens', `code BPE: ${field}: expected ${expected}.`);
}
