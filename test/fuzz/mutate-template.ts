/** @file Mutations of chat templates: pieces of the language put together as an attacker would, or a slip of the hand. */
import type { Rng } from '#core';
import { mutateBytes, pick } from './mutate-bytes.js';

export const TEMPLATE =
  "{% for m in messages %}{{ '<|' + m['role'] + '|>' + m.content | trim }}{% if not loop.last %}\n{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

const PIECES = [
  '{% for i in range(2000) %}{{ i }}{% endfor %}',
  '{% for i in range(1000000000000) %}{% endfor %}',
  '{% for a in messages %}{% for b in messages %}{{ a.content + b.content }}{% endfor %}{% endfor %}',
  "{% set ns = namespace(v='ab') %}{% for i in range(99) %}{% set ns.v = ns.v + ns.v %}{% endfor %}{{ ns.v }}",
  "{% set x = 'x' %}{% set x = x + x %}{{ x }}",
  "{% set ns = namespace(v='ab') %}",
  '{% set ns.v = ns.v + ns.v %}',
  '{% set ns.v = [ns.v, ns.v] %}',
  '{% set ns.v = ns.v * 1000000000 %}',
  '{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}',
  "{% include '/etc/passwd' %}",
  "{{ ''.constructor.constructor('return process')() }}",
  '{{ messages.__proto__.x }}',
  '{{ messages | tojson(indent=1000000000) }}',
  "{{ 'a' | center(1000000000) }}",
  "{{ ('a' * 1000000) | replace('a', 'b' * 1000000) }}",
  "{{ 'x' | indent(width=1000000000) }}",
  '{{ messages | join(messages | string) }}',
  '{{ range(0, 10, 0) }}',
  '{{ messages[::-1] | list | length }}',
  '{{ raise_exception(messages) }}',
  '{{ none.x }}',
  '{{ (((((((1))))))) }}',
  '{{ 1 // 0 }}',
  '{{ 1 % 0 }}',
  '{{ 9 ** 9 ** 9 }}',
  '{% generation %}x{% endgeneration %}',
];

const FRAGMENTS = [
  '{% for i in range(2000) %}',
  '{% endfor %}',
  '{% if true %}',
  '{% else %}',
  '{% endif %}',
  '{% if true %}'.repeat(5000),
  `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`,
  '{{',
  '}}',
  '{%',
  '%}',
  '{#',
];

export function mutateTemplate(rng: Rng): string {
  let text = TEMPLATE;
  for (let count = 1 + rng.below(4); count > 0; count--) {
    if (rng.below(4) === 0) {
      text = mutateBytes(Buffer.from(`${text} `), rng).toString('utf8');
      continue;
    }
    // Between tags, where most pieces parse; now and then anywhere.
    const borders = [0, ...[...text.matchAll(/[%}#]\}/g)].map(({ index }) => index + 2)];
    const at = rng.below(6) === 0 ? rng.below(text.length + 1) : pick(rng, borders);
    text = text.slice(0, at) + pick(rng, rng.below(4) === 0 ? FRAGMENTS : PIECES) + text.slice(at);
  }
  return text;
}
