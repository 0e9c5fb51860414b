import { listOf, parseOptions, wholeNumber } from '../usage';
import { type TextGroup, textGroups } from './corpus';
import type { EncodingName } from './peers.mjs';

/** Parts of the benchmark. */
export const textParts = ['speed', 'json', 'load', 'worst', 'train'] as const;
export type TextPart = (typeof textParts)[number];

export const encodingNames: readonly EncodingName[] = ['cl100k_base', 'o200k_base'];

export interface TextArguments {
  readonly help: boolean;
  readonly parts: readonly TextPart[];
  readonly groups: readonly TextGroup[];
  readonly encodings: readonly EncodingName[];
  /** Folder with a folder of text files for each group. */
  readonly corpus?: string;
  /** Documents of a group at most. */
  readonly documents: number;
  readonly rounds: number;
  readonly python: string;
  readonly json?: string;
  readonly check: boolean;
}

export const usage = `npm run bench -- text [options]

@tesserae/text beside the tokenizers of others, each in a process of its own, on one thread, in turns. Ratio above 1:
ours is faster than the fastest of the others. They are installed by "npm run vocabularies"; one that is not there is left out.

  --only <list>       ${textParts.join(',')} (default all)
                      speed: cl100k_base and o200k_base by kind of text; json: tokenizer.json files beside the native
                      package; load: from nothing to the first ids; worst: texts without a place to be cut at;
                      train: byte-level BPE beside the native trainer
  --groups <list>     ${textGroups.join(',')} (default all)
  --encodings <list>  ${encodingNames.join(',')} (default both)
  --corpus <folder>   a folder of text files for each group, instead of what the installed packages hold
  --documents <n>     documents of 10,000 characters in a group at most (default 250)
  --rounds <n>        (default 5)
  --python <command>  a Python with the module tokenizers, for training (default /usr/bin/python3)
  --json <file>       write everything that was measured as JSON as well
  --check             exit code 1 where a figure misses its limit
  --help              this text`;

const optionsOfText = {
  only: { type: 'string' },
  groups: { type: 'string' },
  encodings: { type: 'string' },
  corpus: { type: 'string' },
  documents: { type: 'string' },
  rounds: { type: 'string' },
  python: { type: 'string' },
  json: { type: 'string' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws {UsageError} An option that does not exist or has a value it cannot have. */
export function readTextArguments(given: readonly string[]): TextArguments {
  const options = parseOptions(given, optionsOfText);
  return {
    help: options.help ?? false,
    parts: options.only === undefined ? textParts : listOf('--only', options.only, textParts),
    groups: options.groups === undefined ? textGroups : listOf('--groups', options.groups, textGroups),
    encodings:
      options.encodings === undefined ? encodingNames : listOf('--encodings', options.encodings, encodingNames),
    documents: wholeNumber('--documents', options.documents ?? '250'),
    rounds: wholeNumber('--rounds', options.rounds ?? '5'),
    python: options.python ?? '/usr/bin/python3',
    check: options.check ?? false,
    ...(options.corpus !== undefined && { corpus: options.corpus }),
    ...(options.json !== undefined && { json: options.json }),
  };
}
