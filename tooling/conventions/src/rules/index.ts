import type { Rule } from '../rule';
import { changesets } from './changesets';
import { exportsMap } from './exports';
import { fileLength } from './file-length';
import { fixtureBudget } from './fixture-budget';
import { forbiddenCalls } from './forbidden-calls';
import { importBoundaries } from './import-boundaries';
import { packageFiles } from './package-files';
import { plainEntries } from './plain-entries';
import { readmeSections } from './readme-sections';
import { starterBudget } from './starter-budget';
import { systems } from './systems';

/** Rules that need nothing but the files. */
export const rules: readonly Rule[] = [
  packageFiles,
  readmeSections,
  exportsMap,
  systems,
  importBoundaries,
  plainEntries,
  forbiddenCalls,
  fixtureBudget,
  starterBudget,
  fileLength,
  changesets,
];
