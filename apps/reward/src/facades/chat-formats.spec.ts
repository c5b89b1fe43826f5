/** @file Rendered chats are taken apart as they were put together, and nothing else is taken for one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CHAT_FORMATS, renderedChat, withoutTurnEnd, type ChatFormat, type ChatFormatName } from './chat-formats.js';

const NAMES = Object.keys(CHAT_FORMATS) as ChatFormatName[];

interface Turn {
  readonly role: string;
  readonly content: string;
}

/** As the templates do. */
function render(
  { begin = '', roleStart, roleEnd, turnEnd, gap, roles = {} }: ChatFormat,
  turns: readonly Turn[],
): string {
  const own = Object.fromEntries(Object.entries(roles).map(([name, role]) => [role, name]));
  const rendered = turns.map(
    ({ role, content }) => roleStart + (own[role] ?? role) + roleEnd + content + turnEnd + gap,
  );
  return begin + rendered.join('');
}

const turns = fc.array(
  fc.record(
    { role: fc.constantFrom('system', 'user', 'assistant', 'tool'), content: fc.string({ unit: 'grapheme' }) },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 5 },
);

describe('a rendered chat', () => {
  for (const name of NAMES) {
    const format: ChatFormat = CHAT_FORMATS[name];
    it(`in ${name} has the turns that it was made of`, () => {
      fc.assert(
        fc.property(turns, (messages) => {
          const holdsMarkers = messages.some(({ content }) =>
            [format.roleStart, format.turnEnd].some((marker) => content.includes(marker)),
          );
          fc.pre(!holdsMarkers);
          const chat = renderedChat(render(format, messages), name);
          assert.deepEqual([chat?.messages, chat?.open], [messages, undefined]);
        }),
      );
    });

    it(`in ${name} ends with an open turn where the model goes on`, () => {
      const head = format.roleStart + (name === 'gemma' ? 'model' : 'assistant') + format.roleEnd;
      const text = render(format, [{ role: 'user', content: 'hi' }]) + head;
      for (const choice of [name, 'auto'] as const) {
        const chat = renderedChat(`${text}so`, choice);
        assert.deepEqual([chat?.messages.length, chat?.open], [1, { role: 'assistant', content: 'so' }]);
      }
    });

    it(`in ${name} ends a response with or without what stands behind a turn`, () => {
      assert.equal(withoutTurnEnd(`yes${format.turnEnd}`, format), 'yes');
      assert.equal(withoutTurnEnd(`yes${format.turnEnd}${format.gap}`, format), 'yes');
      assert.equal(withoutTurnEnd('yes\n', format), 'yes\n');
    });
  }

  it('may begin without the begin token, which some clients cut off', () => {
    const text = '<|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|>';
    assert.deepEqual(renderedChat(text, 'llama3')?.messages, [{ role: 'user', content: 'hi' }]);
  });
});

describe('what is no rendered chat', () => {
  const none = [
    '',
    'hello',
    'x<|im_start|>user\nhi<|im_end|>\n',
    '<|im_start|>user\nhi<|im_end|>\nand more',
    '<|im_start|>narrator\nhi<|im_end|>\n',
    '<|im_start|>user',
    '<|im_start|>user\nhi <|im_start|>assistant\nno end before it',
  ];
  for (const text of none) {
    it(`stays a text: ${JSON.stringify(text)}`, () => assert.equal(renderedChat(text, 'auto'), undefined));
  }

  it('is everything, where chats are not to be looked for', () => {
    assert.equal(renderedChat('<|im_start|>user\nhi<|im_end|>\n', 'none'), undefined);
  });
});
