import { InputError } from '@tesserae/core/data';
import type { TextSaveFormat } from '@tesserae/text';
import { byteCharacters, genomeTraining, type TrainTokenizerOptions } from '@tesserae/text/train';
import { choiceOption, type CommandContext, sizeOption, textOption, UsageError } from '../command';
import { readBytes } from '../io/files';
import { type AlgorithmName, trainingAlgorithms, trainingPresets } from './training-options';

/** A tokenizer.json's components. */
interface Pipeline {
  readonly normalizer?: object | null;
  readonly preTokenizer?: object | null;
  readonly decoder?: object | null;
}

/** Settings of the trainer by the command line. @throws {UsageError} @throws {InputError} A `--like` that cannot be read. */
export async function trainingSettings(context: CommandContext): Promise<TrainTokenizerOptions> {
  const name = choiceOption(context, 'algorithm', trainingAlgorithms) ?? 'bpe';
  const preset = choiceOption(context, 'preset', trainingPresets);
  const vocabularySize = sizeOption(context, 'vocabulary-size') ?? 32_000;
  const minimumFrequency = sizeOption(context, 'minimum-frequency');
  const specials = textOption(context, 'special-tokens')
    ?.split(',')
    .filter((token) => token !== '');
  const isBoundless = name === 'boundlessbpe' || name === 'pickybpe';
  refuseOthers(context, name, preset);
  const pipeline = await likePipeline(context, isBoundless);
  const frequency = minimumFrequency === undefined || name === 'unigram' ? {} : { minimumFrequency };
  if (preset === 'genome') {
    const { specialTokens = [] } = genomeTraining() as { readonly specialTokens?: readonly string[] };
    if (specials) throw new UsageError(`--preset genome has the special tokens ${specialTokens.join(', ')}.`);
    return { ...genomeTraining(vocabularySize), ...pipeline, ...frequency } as TrainTokenizerOptions;
  }
  const base = baseSettings(name, preset === 'akshara', specials);
  return { ...base, ...pipeline, ...frequency, ...ownSettings(context), vocabularySize };
}

function baseSettings(
  name: AlgorithmName,
  keepsAksharas: boolean,
  specials: readonly string[] | undefined,
): TrainTokenizerOptions {
  const unit = keepsAksharas ? ({ unit: 'akshara' } as const) : {};
  switch (name) {
    case 'bpe':
      if (!keepsAksharas) {
        return { algorithm: 'bpe', ...byteLevel, specialTokens: specials ?? ['<|endoftext|>'] };
      }
      return {
        algorithm: 'bpe',
        ...unit,
        preTokenizer: metaspace,
        unknownToken: '<unk>',
        specialTokens: withToken(specials ?? [], '<unk>'),
      };
    case 'superbpe':
      return { algorithm: 'superbpe', initialAlphabet, specialTokens: specials ?? ['<|endoftext|>'] };
    case 'unigram':
      return {
        algorithm: 'unigram',
        ...unit,
        preTokenizer: metaspace,
        unknownToken: '<unk>',
        specialTokens: withToken(specials ?? ['<pad>', '</s>', '<unk>'], '<unk>'),
      };
    case 'wordpiece': {
      const specialTokens = withToken(specials ?? ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'], '[UNK]');
      return { algorithm: 'wordpiece', ...bert, specialTokens, postProcessor: clsSep(specialTokens) };
    }
    case 'wordlevel':
      return {
        algorithm: 'word-level',
        preTokenizer: { type: 'Whitespace' },
        specialTokens: withToken(specials ?? [], '<unk>'),
      };
    case 'boundlessbpe':
    case 'pickybpe':
      return {
        algorithm: 'boundless-bpe',
        supermerges: name === 'boundlessbpe',
        specialTokens: specials ?? [],
      };
  }
}

const initialAlphabet = byteCharacters.join('');
const byteLevel = {
  initialAlphabet,
  preTokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
};
const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };
const bert = {
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  preTokenizer: { type: 'BertPreTokenizer' },
};

const withToken = (tokens: readonly string[], token: string): readonly string[] =>
  tokens.includes(token) ? tokens : [token, ...tokens];

/** `[CLS] A [SEP] B [SEP]`, where there are such tokens. */
function clsSep(specialTokens: readonly string[]): object | null {
  const idOf = (token: string) => specialTokens.indexOf(token);
  if (idOf('[CLS]') < 0 || idOf('[SEP]') < 0) return null;
  const special = (id: string, typeId: number) => ({ SpecialToken: { id, type_id: typeId } });
  const sequence = (id: string, typeId: number) => ({ Sequence: { id, type_id: typeId } });
  const single = [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)];
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, sequence('B', 1), special('[SEP]', 1)],
    special_tokens: Object.fromEntries(
      ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [idOf(token)], tokens: [token] }]),
    ),
  };
}

async function likePipeline(context: CommandContext, isBoundless: boolean): Promise<Pipeline> {
  const path = textOption(context, 'like');
  if (path === undefined) return {};
  if (isBoundless) throw new UsageError('--like: BoundlessBPE and PickyBPE have pipelines of their own.');
  const bytes = await readBytes(path, context.signal);
  try {
    const file = JSON.parse(Buffer.from(bytes).toString()) as Readonly<Record<string, object | null | undefined>>;
    const { normalizer = null, pre_tokenizer: preTokenizer = null, decoder = null } = file;
    return { normalizer, preTokenizer, decoder };
  } catch (cause) {
    throw new InputError(path, 'a tokenizer.json', 'no JSON', { code: 'undecodable', cause });
  }
}

function ownSettings(context: CommandContext): object {
  const transition = sizeOption(context, 'transition');
  const text = textOption(context, 'deletion-threshold');
  const deletionThreshold = Number(text);
  if (text !== undefined && !(deletionThreshold >= 0))
    throw new UsageError(`--deletion-threshold: expected a number from 0, got ${text}.`);
  return { ...(transition !== undefined && { transition }), ...(text !== undefined && { deletionThreshold }) };
}

/** @throws {UsageError} An option that says nothing to the algorithm. */
function refuseOthers(context: CommandContext, name: AlgorithmName, preset: string | undefined): void {
  const goes: Readonly<Record<string, boolean>> = {
    transition: name === 'superbpe',
    'deletion-threshold': name === 'boundlessbpe' || name === 'pickybpe',
    'minimum-frequency': name !== 'unigram',
    preset: name === 'bpe' || (name === 'unigram' && preset === 'akshara'),
  };
  const odd = Object.keys(goes).find((option) => goes[option] === false && textOption(context, option) !== undefined);
  if (odd !== undefined) throw new UsageError(`--${odd} does not go with --algorithm ${name}.`);
}

/** Formats that can hold what is learned, the usual one first. */
export function trainedFormats({ algorithm }: TrainTokenizerOptions): readonly TextSaveFormat[] {
  if (algorithm === 'boundless-bpe') return ['boundless-bpe'];
  return ['tokenizer.json', 'binary', ...(algorithm === 'bpe' ? (['tiktoken'] as const) : [])];
}
