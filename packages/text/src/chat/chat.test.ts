import { describe, expect, it } from 'vitest';
import { textTokenizers } from '../text-tokenizers';
import { chatTemplate } from './chat-template';
import { chatTemplateFromConfig } from './from-config';

const chatMl =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

const messages = [
  { role: 'system', content: 'You are brief.' },
  { role: 'user', content: 'Hi' },
];

describe('chatTemplate', () => {
  it('renders and encodes ChatML', async () => {
    const template = chatTemplate(chatMl);
    const text =
      '<|im_start|>system\nYou are brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n';
    expect(template.render(messages, { addGenerationPrompt: true })).toBe(text);
    const tokenizer = await textTokenizers.fromPretrained('cl100k_im');
    const { ids } = template.encode(tokenizer, messages, { addGenerationPrompt: true });
    expect([...ids.subarray(0, 3)]).toEqual([100264, 9125, 198]);
    expect(tokenizer.decode(ids)).toBe(text);
  });
  it('takes blocks out with their lines, and has loops, filters and variables', () => {
    const template = chatTemplate(
      `{{ bos_token }}{%- for message in messages %}
  {%- if loop.first %}
{{ message.role | upper }}: {{ message.content | trim }}
  {%- else %}
{{ message.role }}={{ message.content | tojson }}
  {%- endif %}
{%- endfor %}{% if deep is defined and deep %} deep{% endif %}{{ tools is none }}`,
      { specialTokens: { bos_token: '<s>' } },
    );
    expect(
      template.render(
        [
          { role: 'user', content: '  a ' },
          { role: 'tool', content: { b: '<"ü"' } },
        ],
        { variables: { deep: true } },
      ),
    ).toBe('<s>USER: atool={"b": "<\\"ü\\""} deeptrue');
  });
  it('goes on with the last message', () => {
    const template = chatTemplate(chatMl);
    const open = [...messages, { role: 'assistant', content: 'Hello, ' }];
    expect(template.render(open, { continueFinalMessage: true })).toMatch(/assistant\nHello, $/);
    const trimming = chatTemplate('{% for message in messages %}[{{ message.content | trim }}]{% endfor %}');
    expect(trimming.render(open, { continueFinalMessage: true })).toBe('[You are brief.][Hi][Hello,');
    expect(() => template.render(open, { continueFinalMessage: true, addGenerationPrompt: true })).toThrow(
      /addGenerationPrompt/,
    );
    expect(() => trimming.render([], { continueFinalMessage: true })).toThrow(/messages/);
  });
  it('names what is wrong', () => {
    expect(() => chatTemplate('{% for %}', { name: 'mine' })).toThrow(/mine/);
    const strict = chatTemplate("{{ raise_exception('roles must alternate') }}");
    expect(() => strict.render(messages)).toThrow(/messages.*roles must alternate/);
    expect(() => strict.render('hi' as never)).toThrow(/messages/);
    expect(() => strict.render([{ content: 'hi' } as never])).toThrow(/messages\[0\]\.role/);
  });
});

describe('chatTemplateFromConfig', () => {
  it('takes special tokens from the file', () => {
    const file = JSON.stringify({
      bos_token: { content: '<s>', lstrip: false },
      eos_token: '</s>',
      pad_token: null,
      chat_template: '{{ bos_token }}{{ messages[0].content }}{{ eos_token }}',
    });
    expect(chatTemplateFromConfig(file).render(messages)).toBe('<s>You are brief.</s>');
    expect(chatTemplateFromConfig(new TextEncoder().encode(file)).source).toContain('bos_token');
  });
  it('chooses among several', () => {
    const config = {
      chat_template: [
        { name: 'default', template: 'one' },
        { name: 'tool_use', template: 'two {{ tools | length }}' },
      ],
    };
    expect(chatTemplateFromConfig(config).render(messages)).toBe('one');
    expect(chatTemplateFromConfig(config, { template: 'tool_use' }).render(messages, { tools: [1, 2] })).toBe('two 2');
    expect(() => chatTemplateFromConfig(config, { template: 'rag' })).toThrow(/chat_template.*"rag"/);
  });
  it('names the path of what is wrong', () => {
    expect(() => chatTemplateFromConfig({})).toThrow(/tokenizer_config\.json: chat_template/);
    expect(() => chatTemplateFromConfig('{')).toThrow(/tokenizer_config\.json/);
    expect(() => chatTemplateFromConfig({ chat_template: 3 })).toThrow(/chat_template/);
  });
});
