export { fileLines } from './training/node/file-lines';
export { folderSpillStore } from './training/node/folder-spill-store';
