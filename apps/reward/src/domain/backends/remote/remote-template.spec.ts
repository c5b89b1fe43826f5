/** @file Texts as foreign servers want them: one start token, one end token, nothing behind it, no generation prompt twice. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lmFolder } from '../../../testing/classifier-folders.js';
import { requestOf } from '../../../testing/judges.js';
import { CONCATENATION, openTemplate } from './remote-template.js';

/** As ChatML has it: a line end stands behind each turn's end token. */
const CHATML =
  '{%- for m in messages -%}{{- "<|" + m.role + "|>" + m.content + "<|end|>\n" -}}{%- endfor -%}' +
  '{%- if add_generation_prompt -%}{{- "<|assistant|>" -}}{%- endif -%}';

const template = await openTemplate(await lmFolder());
const chatml = await openTemplate(await lmFolder({ template: CHATML }));
const chat = {
  messages: [
    { role: 'system', content: 'S' },
    { role: 'user', content: 'U' },
  ],
  text: 'S\nU',
};

describe('a rendered pair', () => {
  it('is the prompt with a generation prompt, the response as it is, and one end token', () => {
    const { prompt, whole } = template.render(requestOf('R', { prompt: chat }));
    assert.equal(prompt, '<|bos|><|system|>S<|end|><|user|>U<|end|><|assistant|>');
    assert.equal(whole, `${prompt}R<|end|>`);
  });

  it('ends with the end token, whatever the template writes behind it', () => {
    const { whole } = chatml.render(requestOf('R', { prompt: chat }));
    assert.equal(whole, '<|system|>S<|end|>\n<|user|>U<|end|>\n<|assistant|>R<|end|>');
    assert.match(chatml.conversation(requestOf('R', { prompt: chat })), /R<\|end\|>\n$/);
  });

  it('has no end token where the response was cut off', () => {
    const { prompt, whole } = template.render(requestOf('R', { prompt: chat, truncated: true }));
    assert.equal(whole, `${prompt}R`);
  });

  it('takes a plain prompt as one turn of the user', () => {
    const { prompt } = template.render(requestOf('R', { prompt: { messages: [], text: 'U' } }));
    assert.equal(prompt, '<|bos|><|user|>U<|end|><|assistant|>');
  });

  it('as a conversation has no generation prompt', () => {
    const text = template.conversation(requestOf('R', { prompt: chat }));
    assert.equal(text, '<|bos|><|system|>S<|end|><|user|>U<|end|><|assistant|>R<|end|>');
    assert.equal(text.split('<|assistant|>').length, 2);
  });

  it('does not go on with the assistant, and is refused by name', () => {
    const messages = [{ role: 'assistant', content: 'So' }];
    const request = requestOf('R', { prompt: { messages, text: 'So' } });
    assert.throws(() => template.render(request), { code: 'PROMPT_INVALID' });
    assert.throws(() => template.conversation(request), { code: 'PROMPT_INVALID' });
  });

  it('without a template is the texts one behind the other', () => {
    const request = requestOf(' four', { prompt: { messages: [], text: '2 + 2 is' } });
    assert.deepEqual(CONCATENATION.render(request), { prompt: '2 + 2 is', whole: '2 + 2 is four' });
  });

  it('has a digest that covers template and special tokens', async () => {
    assert.notEqual(template.digest, chatml.digest);
    assert.equal((await openTemplate(await lmFolder({ seed: 2 }))).digest, template.digest);
  });
});
