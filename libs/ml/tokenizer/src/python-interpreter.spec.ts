import { describe, it } from 'node:test';
import { equal, throws } from 'node:assert/strict';
import { ChatTemplate } from './chat-template.js';

function render(source: string, content = ''): string {
  const template = new ChatTemplate(source, { bos_token: '<s>' }, 'folder');
  return template.render([{ role: 'user', content }], { addGenerationPrompt: true });
}

// What transformers 5.23 gives (`_compile_jinja_template`, Jinja2 3.1.6).
const AS_IN_PYTHON: readonly (readonly [source: string, content: string, expected: string])[] = [
  [String.raw`{{ messages[0].content.strip('\n') }}`, '\n  a \n', '  a '],
  [String.raw`{{ messages[0].content.lstrip('\n') }}`, '\n  a', '  a'],
  [String.raw`{{ messages[0].content.rstrip('\n') }}`, 'a \n', 'a '],
  ["{{ messages[0].content.strip('x\u{1F600}') }}", 'x\u{1F600}a\u{1F600}x', 'a'],
  ['{{ messages[0].content | trim }}', '\u2028\u0085\u00A0x\u3000\u001F ', 'x'],
  ['{{ messages[0].content | trim }}', '\uFEFFx', '\uFEFFx'],
  ["{{ messages[0].content | trim('-') }}", '--x-', 'x'],
  ['{{ messages[0].content | length }},{{ messages[0].content[1] }}', '\u00E9\u{1F600}', '2,\u{1F600}'],
  ['{{ messages[0].content | capitalize }}', 'hELLO', 'Hello'],
  ["{{ none }},{{ true }},{{ 'a' ~ none ~ true }},{{ [1, none] | join('-') }}", '', 'None,True,aNoneTrue,1-None'],
  ['{{ nope }}{% if false %}{% endif %}{% set x = 1 %}{% macro m() %}{% endmacro %}{{ m() }}', '', ''],
  ["{{ '1' == 1 }},{{ '' == false }},{{ nope == none }},{{ true == 1 }}", '', 'False,False,False,True'],
  ["{{ [1] == [1] }},{{ {'a': [1]} == {'a': [1]} }},{{ [1] != [2] }}", '', 'True,True,True'],
  ['{{ -1 % 2 }},{{ 7 % -3 }},{{ 7 % 3 }}', '', '1,-2,1'],
];

describe('a chat template, as Python renders it', () => {
  for (const [source, content, expected] of AS_IN_PYTHON) {
    it(`gives ${JSON.stringify(expected)} for ${source}`, () => equal(render(source, content), expected));
  }

  it('is refused where Python would spell a list or a mapping its own way', () => {
    for (const source of ['{{ messages }}', '{{ messages[0] }}', "{{ 'a' ~ [1] }}", '{{ messages | string }}']) {
      throws(() => render(source), { code: 'CHAT_TEMPLATE_FAILED', message: /tojson/ }, source);
    }
  });

  it('is refused where Python refuses', () => {
    for (const source of ["{{ 'a' + 1 }}", '{{ 1 % 0 }}', "{{ 'a'.strip(1) }}"]) {
      throws(() => render(source), { code: 'CHAT_TEMPLATE_FAILED' }, source);
    }
  });

  it('is refused where it asks for an attribute of what is undefined, and nowhere else', () => {
    for (const source of ['{{ a.b }}', '{{ a[0] }}', '{{ a[1:] }}', '{{ messages[0].a.b }}', '{{ a.b is defined }}']) {
      throws(() => render(source), { code: 'CHAT_TEMPLATE_FAILED', message: /a is undefined/ }, source);
    }
    equal(render('{{ a }}{{ messages[0].a }}{{ messages[0].a is defined }}{{ (a or messages[0]).role }}'), 'Falseuser');
  });

  it('pays for every comparison', () => {
    const nested =
      '{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(14) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}';
    const source = `${nested}{% for i in range(99) %}{{ ns.x == [ns.x[0], ns.x[1]] }}{% endfor %}`;
    throws(() => render(source), { code: 'CHAT_TEMPLATE_UNBOUNDED' });
  });
});
