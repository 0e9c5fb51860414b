import { readAudio } from '@tesserae/audio';
import {
  type Command,
  commonOptions,
  countOption,
  readBytes,
  standardStream,
  textOption,
  UsageError,
  writeBytes,
} from '@tesserae/cli/shared';
import { linkCharacters, linkOf } from '../memo/link';
import { encodeMessage, usualMost } from '../memo/message';
import { engineOptions, onlyOperand, withModel } from './options';

export const encodeCommand: Command = {
  name: 'encode',
  summary: 'Makes a string, or a link, of a sound file',
  operands: '<sound file or ->',
  options: {
    most: {
      type: 'string',
      valueHint: 'n',
      description: `Characters of the string or link; decides how much is kept (default: ${usualMost})`,
    },
    link: { type: 'string', valueHint: 'url', description: 'A link to the page there: http://localhost:4181/' },
    out: { type: 'string', alias: 'o', valueHint: 'file', description: 'Where to write (default: standard output)' },
    ...engineOptions,
    ...commonOptions,
  },
  examples: [
    'voice-memo encode message.wav',
    'voice-memo encode message.flac --link http://localhost:4181/ --most 4000',
    'arecord -f S16_LE -r 16000 -d 5 | voice-memo encode - --json',
  ],
  printsResult: true,
  async run(context) {
    const { output, signal } = context;
    const operand = onlyOperand(context, 'a sound file');
    const most = countOption(context, 'most') ?? usualMost;
    const page = pageOption(textOption(context, 'link'));
    const out = textOption(context, 'out') ?? standardStream;
    const room = most - (page === undefined ? 0 : linkCharacters(page));
    if (room < 1)
      throw new UsageError(`--most: expected more than the ${most - room} characters of --link, got ${most}.`);
    const sound = operand === standardStream ? await readBytes(operand, signal) : operand;
    const message = await readAudio(sound, { signal });
    const { memo, ...facts } = await withModel(context, (tokenizer) =>
      encodeMessage(tokenizer, message, room, { signal }),
    );
    const text = page === undefined ? memo : linkOf(page, memo);
    const inJson = output.json && out === standardStream;
    if (!inJson) await writeBytes(out, Buffer.from(`${text}\n`), signal);
    const { seconds, codebooks, allCodebooks, bitsPerSecond } = facts;
    output.line(
      `${seconds.toFixed(2)} s, ${codebooks} of ${allCodebooks} codebooks, ${bitsPerSecond} bit/s: ` +
        `${text.length} of ${most} characters`,
    );
    output.result({ ...facts, characters: text.length, most, ...(inJson ? { memo: text } : { output: out }) });
    return 0;
  },
};

/** @throws {UsageError} No address of a page. */
function pageOption(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/u.test(url.protocol) && url.hash === '') return url.href;
  throw new UsageError(`--link: expected the address of a page, such as http://localhost:4181/, got ${text}.`);
}
