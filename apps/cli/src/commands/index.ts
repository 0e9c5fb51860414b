import type { Command } from '../command';
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

/** In the order of `--help`. */
export const commands: readonly Command[] = [
  encodeCommand,
  decodeCommand,
  inspectCommand,
  statsCommand,
  convertCommand,
  compareCommand,
  modelsCommand,
  pullCommand,
  cacheCommand,
  doctorCommand,
];

/** Run by other commands, not shown. */
export const hiddenCommands: readonly Command[] = [selfTestCommand];
