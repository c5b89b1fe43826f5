/**
 * @file The training reward of the SmolLM2 run: is it a whole answer to the question, within the tokens it may have?
 *
 *   reward = whole + coverage
 *
 * whole: 1 where the model ended its answer itself and the answer is a sentence (five words and a closing mark), 0 where it
 * was cut off; coverage: share of the question's content words that the answer takes up (compared by their first six letters).
 * Computed offline, in [0, 2], easy to see through. `relevance.mjs` and `rouge.mjs` judge what it does not see.
 */
export const scoreMin = 0;
export const scoreMax = 2;

const STEM_LETTERS = 6;
const WORDS_MIN = 5;
const CLOSED = /[.!?:)\]}"'”’`*]\s*$/u;
const FUNCTION_WORDS = new Set(
  `about after again also because been before being between both could does doing down during each from have having here into
  just like make many more most much need only other over please same should some such than that their them then there
  these they this those through under until very want were what when where which while will with would your yours`.split(/\s+/),
);

export function score({ prompt, response, truncated }) {
  const answer = wordsOf(response);
  const asked = new Set(wordsOf(prompt.text).filter(isContentWord).map(stem));
  const taken = new Set(answer.map(stem));
  const coverage = asked.size === 0 ? 0 : [...asked].filter((word) => taken.has(word)).length / asked.size;
  const whole = !truncated && answer.length >= WORDS_MIN && CLOSED.test(response) ? 1 : 0;
  return { score: whole + coverage, components: { whole, coverage } };
}

function wordsOf(text) {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function isContentWord(word) {
  return word.length > 3 && !FUNCTION_WORDS.has(word);
}

function stem(word) {
  return word.slice(0, STEM_LETTERS);
}
