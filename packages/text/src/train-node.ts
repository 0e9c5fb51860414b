export { countFiles, type CountFilesOptions } from './training/node/count-files';
export { countTextsInThreads } from './training/node/count-stream';
export type { CountThreadsOptions } from './training/node/count-threads';
export { fileLines } from './training/node/file-lines';
export { folderSpillStore } from './training/node/folder-spill-store';
export { type TrainFilesOptions, trainTokenizerFromFiles, trainTokenizerFromTexts } from './training/node/train-files';
export { writeWholeFile } from './training/node/write-whole-file';
