/**
 * What other apps of this repository take from the command: it is not published.
 */
export {
  choiceOption,
  type Command,
  type CommandContext,
  commonOptions,
  countOption,
  sizeOption,
  textOption,
  UsageError,
} from './command';
export { standardStream } from './io/standard-stream';
export { expandFiles } from './io/expand-files';
export { engineOption } from './io/engine-option';
export { readBytes, writeBytes } from './io/files';
export { table } from './output/table';
export { createPageServer, host } from './page/page-server';
export { serveCommand } from './page/serve-command';
export { runCommand } from './run-command';
export { runProcess } from './run-process';
export { fileText } from './text/text-inputs';
export { vocabularyOptions } from './text/text-options';
export { chosenVocabulary } from './text/vocabulary-options';
