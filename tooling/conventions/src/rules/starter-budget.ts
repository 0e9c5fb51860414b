import type { Rule } from '../rule';

const megabyte = 1_000_000;
const modelLimit = 4.5;
const packageLimit = 10;

/** Models that ship inside a package stay small, and each says what it is, how it was made and from what. */
export const starterBudget: Rule = {
  name: 'starter-budget',
  check: (tree) => {
    const models = tree.files.filter((path) => /^packages\/[^/]+\/starter\/[^/]+\.safetensors$/.test(path));
    const folders = [...new Set(models.map((path) => path.slice(0, path.lastIndexOf('/'))))];
    return [
      ...models
        .filter((path) => tree.size(path) > modelLimit * megabyte)
        .map((file) => ({
          file,
          message: `has ${(tree.size(file) / megabyte).toFixed(2)} MB; at most ${modelLimit} MB`,
        })),
      ...folders.flatMap((folder) => {
        const total = tree.files
          .filter((path) => path.startsWith(`${folder}/`))
          .reduce((sum, path) => sum + tree.size(path), 0);
        const missing = ['card.md', 'data.lock.json', 'CREDITS.json', 'train.jsonl'].filter(
          (name) => !tree.has(`${folder}/${name}`),
        );
        return [
          ...missing.map((name) => ({ file: folder, message: `has no ${name}` })),
          ...(total > packageLimit * megabyte ? [{ file: folder, message: `holds more than ${packageLimit} MB` }] : []),
        ];
      }),
    ];
  },
};
