export {
  type ChatMessage,
  type ChatOptions,
  type ChatTemplate,
  chatTemplate,
  type ChatTemplateOptions,
} from './chat/chat-template';
export { type ChatConfigOptions, chatTemplateFromConfig } from './chat/from-config';
