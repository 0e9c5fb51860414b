import type { Attack } from './attack';
import { bypassAttacks } from './bypass-attacks';
import { legacyAttacks, numpyAttacks, onnxAttacks, safetensorsAttacks } from './container-attacks';
import { callAttacks } from './pickle-attacks';
import { sizeAttacks, viewAttacks } from './size-attacks';
import { zipAttacks } from './zip-attacks';

/** Every hostile file that is one file; attacks of several files are in `folder-attacks.ts`. */
export const attackCorpus: readonly Attack[] = [
  ...callAttacks,
  ...bypassAttacks,
  ...sizeAttacks,
  ...viewAttacks,
  ...safetensorsAttacks,
  ...zipAttacks,
  ...legacyAttacks,
  ...numpyAttacks,
  ...onnxAttacks,
];
