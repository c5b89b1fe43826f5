/**
 * @file A judge of the SmolLM2 run that never trains: does an answer stay with the question, in words of its own?
 *
 *   score = coverage + variety − copied − evasive
 *
 * coverage: share of the question's content words that the answer takes up (compared by their first six letters); variety:
 * distinct pairs of words over all pairs; copied: share of the answer's runs of four words that stand in the question;
 * evasive: 1 where the answer opens by refusing or by speaking of itself. Computed offline, bounded, easy to see through.
 */
export const scoreMin = -2;
export const scoreMax = 2;

const STEM_LETTERS = 6;
const COPIED_WORDS = 4;
const EVASIVE = /^\W*(i['’]?m sorry|i am sorry|i apologi[sz]e|sorry|as an ai|i['’]?m an? (ai|assistant)|i can(['’]?t|not)|i do(n['’]t| not) have)/i;
const FUNCTION_WORDS = new Set(
  `about after again also because been before being between both could does doing down during each from have having here into
  just like make many more most much need only other over please same should some such than that their them then there
  these they this those through under until very want were what when where which while will with would your yours`.split(/\s+/),
);

export function score({ prompt, response }) {
  const question = wordsOf(prompt.text);
  const answer = wordsOf(response);
  const asked = new Set(question.filter(isContentWord).map(stem));
  const taken = new Set(answer.map(stem));
  const coverage = asked.size === 0 ? 0 : [...asked].filter((word) => taken.has(word)).length / asked.size;
  const variety = share(new Set(runs(answer, 2)).size, runs(answer, 2).length);
  const known = new Set(runs(question, COPIED_WORDS));
  const own = runs(answer, COPIED_WORDS);
  const copied = share(own.filter((run) => known.has(run)).length, own.length);
  const evasive = EVASIVE.test(response) ? 1 : 0;
  return { score: coverage + variety - copied - evasive, components: { coverage, variety, copied, evasive } };
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

/** Runs of n neighbouring words. */
function runs(words, n) {
  return words.slice(0, Math.max(0, words.length - n + 1)).map((_, start) => words.slice(start, start + n).join(' '));
}

function share(part, whole) {
  return whole === 0 ? 0 : part / whole;
}
