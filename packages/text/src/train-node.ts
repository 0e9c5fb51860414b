export { countFiles, type CountFilesOptions } from './training/node/count-files';
export { fileLines } from './training/node/file-lines';
export { folderSpillStore } from './training/node/folder-spill-store';
export { type TrainFilesOptions, trainTokenizerFromFiles } from './training/node/train-files';
export { writeWholeFile } from './training/node/write-whole-file';
