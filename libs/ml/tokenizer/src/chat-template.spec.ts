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
    throws(() => render('{'.repeat(2 ** 20 + 1)), { code: 'TOKENIZER_INVALID', message: /more than 1048576/ });
  });

  it('comes to an end, whatever it says', () => {
    const loop = '{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}';
    const macro = '{% macro again(n) %}{{ again(n + 1) }}{% endmacro %}{{ again(0) }}';
    const times = (body: string) => `{% for i in range(60) %}${body}{% endfor %}`;
    for (const [source, code] of [
      [loop, 'CHAT_TEMPLATE_UNBOUNDED'],
      [`{% set r = range(9999) %}${loop.replaceAll('range(9999)', 'r')}`, 'CHAT_TEMPLATE_UNBOUNDED'],
      ['{{ range(1000000000) | length }}', 'CHAT_TEMPLATE_UNBOUNDED'],
      [macro, 'CHAT_TEMPLATE_FAILED'],
      [`{% set ns = namespace(x='ab') %}${times('{% set ns.x = ns.x + ns.x %}')}`, 'CHAT_TEMPLATE_UNBOUNDED'],
      [`{% set ns = namespace(x=[1]) %}${times('{% set ns.x = ns.x + ns.x %}')}`, 'CHAT_TEMPLATE_UNBOUNDED'],
      [`{% set ns = namespace(x=[1]) %}${times('{% set ns.x = [ns.x, ns.x] %}')}{{ ns.x }}`, 'CHAT_TEMPLATE_UNBOUNDED'],
      [`{% set ns = namespace(x={}) %}${times("{% set ns.x = {'a': ns.x, 'b': ns.x} %}")}`, 'CHAT_TEMPLATE_UNBOUNDED'],
    ] as const) {
      throws(() => render(source), { code }, source);
    }
  });

  it('has no way to files, modules or the process', () => {
    for (const source of [
      "{% include '/etc/passwd' %}",
      "{% import 'os' as os %}",
      "{% extends 'base' %}",
      "{{ ''.constructor.constructor('return process')() }}",
      "{{ raise_exception.constructor('return process')() }}",
      '{{ messages.__class__.__mro__[1].__subclasses__() }}',
      "{{ require('node:fs') }}",
    ]) {
      throws(() => render(source), { code: /^(TOKENIZER_INVALID|CHAT_TEMPLATE_FAILED)$/ }, source);
    }
    equal(render('{{ process }}{{ globalThis }}{{ self }}'), '');
  });
});
