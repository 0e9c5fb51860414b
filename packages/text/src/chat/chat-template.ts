import { ConfigError, InputError } from '@tesserae/core/data';
import type { TextEncodeOptions, TextEncoding, TextTokenizer } from '../tokenizer/text-tokenizer';
import { cutAfterMessage } from './continue-message';
import { Template } from './jinja';

/** A turn of a conversation. Templates may look at more fields, such as `tool_calls`. */
export interface ChatMessage {
  /** `system`, `user`, `assistant`, `tool`, or what the template knows. */
  readonly role: string;
  /** Text, or parts for templates that take them. */
  readonly content?: unknown;
  readonly [field: string]: unknown;
}

export interface ChatOptions {
  /** Ends with the beginning of an answer. Default false. */
  readonly addGenerationPrompt?: boolean;
  /** Leaves the last message open, so that a model goes on with it. Default false. */
  readonly continueFinalMessage?: boolean;
  /** JSON schemas of functions that the model may call. */
  readonly tools?: readonly unknown[];
  /** Documents to answer from. */
  readonly documents?: readonly unknown[];
  /** Anything else that the template reads: `{ enable_thinking: false }`. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** The chat template of a model. */
export interface ChatTemplate {
  /** The Jinja text. */
  readonly source: string;
  /**
   * A conversation as the one text that the model was trained on.
   *
   * @throws {InputError} The template refuses the messages, or options that exclude each other.
   */
  render(messages: readonly ChatMessage[], options?: ChatOptions): string;
  /** The ids of that text: its special tokens count, and nothing is added. */
  encode(
    tokenizer: TextTokenizer,
    messages: readonly ChatMessage[],
    options?: ChatOptions & Pick<TextEncodeOptions, 'offsets' | 'truncation' | 'padding'>,
  ): TextEncoding;
}

export interface ChatTemplateOptions {
  /** Texts of the special tokens that the template names: `{ bos_token: '<s>' }`. */
  readonly specialTokens?: Readonly<Record<string, string>>;
  /** What errors call it. Default `chat_template`. */
  readonly name?: string;
}

/**
 * Reads a chat template, which is Jinja as the transformers library renders it: blocks take no line of their own, and
 * `raise_exception`, `strftime_now` and `tojson` are there.
 *
 * @throws {ConfigError} It is no Jinja.
 */
export function chatTemplate(
  source: string,
  { specialTokens = {}, name = 'chat_template' }: ChatTemplateOptions = {},
): ChatTemplate {
  const template = parse(source, name);
  const render: ChatTemplate['render'] = (messages, options = {}) => {
    const { addGenerationPrompt = false, continueFinalMessage = false, tools, documents, variables } = options;
    checkMessages(messages);
    if (addGenerationPrompt && continueFinalMessage) {
      throw new InputError('continueFinalMessage', 'false where addGenerationPrompt is true', 'true');
    }
    let text: string;
    try {
      text = template.render({
        ...specialTokens,
        messages,
        tools: tools ?? null,
        documents: documents ?? null,
        add_generation_prompt: addGenerationPrompt,
        ...variables,
      });
    } catch (cause) {
      throw new InputError('messages', `messages that ${name} takes`, (cause as Error).message, { cause });
    }
    return continueFinalMessage ? cutAfterMessage(text, messages.at(-1)) : text;
  };
  return {
    source,
    render,
    encode: (tokenizer, messages, { offsets, truncation, padding, ...options } = {}) =>
      tokenizer.encode(render(messages, options), {
        specials: 'allow',
        addSpecialTokens: false,
        ...(offsets && { offsets }),
        ...(truncation && { truncation }),
        ...(padding && { padding }),
      }),
  };
}

function parse(source: string, name: string): Template {
  if (typeof source !== 'string') throw new InputError(name, 'a template', typeof source);
  try {
    return new Template(source);
  } catch (cause) {
    throw new ConfigError(name, 'a Jinja template', (cause as Error).message, { cause });
  }
}

function checkMessages(messages: unknown): void {
  if (!Array.isArray(messages)) throw new InputError('messages', 'a list of messages', typeof messages);
  for (const [index, message] of messages.entries()) {
    const role: unknown = (message as ChatMessage | null | undefined)?.role;
    if (typeof role !== 'string') throw new InputError(`messages[${index}].role`, 'a string', typeof role);
  }
}
