import type { Command, CommandGroup } from '../command';
import { cacheCommand } from './cache';
import { compareCommand } from './compare';
import { convertCommand } from './convert';
import { decodeCommand } from './decode';
import { doctorCommand } from './doctor';
import { encodeCommand } from './encode';
import { inspectCommand } from './inspect';
import { modelsCommand } from './models';
import { pullCommand } from './pull';
import { selfTestCommand } from './self-test';
import { statsCommand } from './stats';
import { textCommands } from './text';

/** In the order of `--help`. */
export const commands: readonly (Command | CommandGroup)[] = [
  encodeCommand,
  decodeCommand,
  inspectCommand,
  statsCommand,
  convertCommand,
  compareCommand,
  textCommands,
  modelsCommand,
  pullCommand,
  cacheCommand,
  doctorCommand,
];

/** Run by other commands, not shown. */
export const hiddenCommands: readonly Command[] = [selfTestCommand];
