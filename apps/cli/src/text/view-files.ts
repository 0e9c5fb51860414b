import type { ArgsDef } from 'citty';
import { textOption, type CommandContext } from '../command';
import { writeBytes } from '../io/files';
import { tokensPage, type PageSection } from './tokens-page';
import { tokensPicture } from './tokens-picture';

/** Options of the commands that show tokens in files. */
export const viewOptions: ArgsDef = {
  html: { type: 'string', valueHint: 'file', description: 'Also write a page that shows the tokens' },
  svg: { type: 'string', valueHint: 'file', description: 'Also write a picture that shows the tokens' },
};

/** Whether a page or picture is wanted. */
export const wantsView = (context: CommandContext): boolean =>
  textOption(context, 'html') !== undefined || textOption(context, 'svg') !== undefined;

/** Writes what is wanted, where there is something to show. @returns What `--json` says of it. */
export async function writeViews(
  context: CommandContext,
  sections: readonly PageSection[],
): Promise<Readonly<Record<string, string>>> {
  const written: Record<string, string> = {};
  if (sections.length === 0) return written;
  for (const [option, draw] of [
    ['html', tokensPage],
    ['svg', tokensPicture],
  ] as const) {
    const path = textOption(context, option);
    if (path === undefined) continue;
    await writeBytes(path, Buffer.from(draw(sections)), context.signal);
    context.output.line(`-> ${path}`);
    written[option] = path;
  }
  return written;
}
