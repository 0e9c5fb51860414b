import type { CommandGroup } from '../../command';
import { textCompareCommand } from './compare';
import { textConvertCommand } from './convert';
import { textCountCommand } from './count';
import { textDecodeCommand } from './decode';
import { textEncodeCommand } from './encode';
import { textInspectCommand } from './inspect';
import { textTrainCommand } from './train';

export const textCommands: CommandGroup = {
  name: 'text',
  summary: 'Text into ids and back: encode, decode, count, inspect, compare, convert, train',
  commands: [
    textEncodeCommand,
    textDecodeCommand,
    textCountCommand,
    textInspectCommand,
    textCompareCommand,
    textConvertCommand,
    textTrainCommand,
  ],
};
