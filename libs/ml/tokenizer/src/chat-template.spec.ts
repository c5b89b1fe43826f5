import { describe, it } from 'node:test';
import { equal, throws } from 'node:assert/strict';
import { ChatTemplate } from './chat-template.js';

const messages = [{ role: 'user', content: 'Hi' }];
const render = (source: string) =>
  new ChatTemplate(source, { bos_token: '<s>' }, 'folder').render(messages, { addGenerationPrompt: true });

describe('chat template', () => {
  it('trims blocks and the blanks before them', () => {
    equal(render('{{ bos_token }}\n  {% for m in messages %}\n{{ m.content }}\n  {% endfor %}\nend'), '<s>\nHi\nend');
  });

  it('never sees the date of the day', () => {
    const source = "{% if strftime_now is defined %}{{ strftime_now('%d %b %Y') }}{% else %}26 Jul 2024{% endif %}";
    equal(render(source), '26 Jul 2024');
  });

  it('is refused when it cannot be parsed', () => {
    throws(() => render('{% if %}'), { code: 'TOKENIZER_INVALID' });
  });
});
