import { type CommandContext, textOption } from '../command';
import { writeBytes } from '../io/files';
import { type PageSection, tokensPage } from './tokens-page';
import { tokensPicture } from './tokens-picture';

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
