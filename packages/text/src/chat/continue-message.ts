import { InputError } from '@tesserae/core/data';
import type { ChatMessage } from './chat-template';

/**
 * Cuts what a template puts behind the last message. White space at the end of the message stays if the template kept
 * it.
 *
 * @throws {InputError} There is no message with text, or the template does not show it as it is.
 */
export function cutAfterMessage(text: string, message: ChatMessage | undefined): string {
  const content = lastText(message?.content);
  if (content === undefined) throw new InputError('messages', 'a last message with text to go on with', 'none');
  const at = text.lastIndexOf(content.trim());
  if (at < 0) {
    throw new InputError('continueFinalMessage', 'a template that shows the last message as it is', 'another text');
  }
  const open = content.trimStart();
  return text.startsWith(open, at) ? text.slice(0, at + open.length) : text.slice(0, at + content.trim().length);
}

/** The text of a message, or of its last part that has some. */
function lastText(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part: { readonly text?: unknown } | null) => part?.text);
  return texts.findLast((part) => typeof part === 'string');
}
