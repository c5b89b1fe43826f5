/**
 * @file Reads a judge's answer by a grammar, and nothing into it:
 *
 *   reply    blanks [thought] blanks (object | fenced | bare) blanks
 *   thought  "<think>" … "</think>"           as models write that think aloud
 *   fenced   "```" ["json"] newline object newline "```"
 *   object   one JSON object with a number "score", or with "verdict": "A", "B" or "tie"; other members are passed over
 *   bare     a JSON number, or A, B or tie
 *
 * "8/10", "Score: 8", two objects, a key twice and a number out of range are no verdicts.
 */
import { duplicateKey, messageOf, parseForeignJson } from '#core';
import { excerpt } from '../http/reply-status.js';

/** Part of the digest; raised whenever an answer would be read otherwise. */
export const ANSWER_GRAMMAR_VERSION = 'metaapo judge answer 1';

/** What was read, or what is wrong. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export type Verdict = 'A' | 'B' | 'tie';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const THOUGHT = /^<think>[\s\S]*?<\/think>/;
const FENCED = /^```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n[ \t]*```$/;

const wrong = (problem: string): { readonly ok: false; readonly problem: string } => ({ ok: false, problem });

export function readScore(
  reply: string,
  { scoreMin, scoreMax }: { readonly scoreMin: number; readonly scoreMax: number },
): Read<number> {
  const expected = `a number from ${scoreMin} to ${scoreMax}, or one JSON object with it as "score"`;
  const text = withoutThought(reply);
  let score: unknown;
  if (NUMBER.test(text)) score = Number(text);
  else {
    const object = objectIn(text, expected);
    if (!object.ok) return object;
    score = object.value['score'];
  }
  if (typeof score !== 'number') return wrong(`expected ${expected}, got ${excerpt(reply)}`);
  if (!(score >= scoreMin && score <= scoreMax)) return wrong(`expected ${expected}, got ${score}`);
  return { ok: true, value: score };
}

export function readVerdict(reply: string): Read<Verdict> {
  const expected = 'A, B or tie, or one JSON object with it as "verdict"';
  const text = withoutThought(reply);
  if (isVerdict(text)) return { ok: true, value: text };
  const object = objectIn(text, expected);
  if (!object.ok) return object;
  const { verdict } = object.value;
  return isVerdict(verdict) ? { ok: true, value: verdict } : wrong(`expected ${expected}, got ${excerpt(reply)}`);
}

const isVerdict = (value: unknown): value is Verdict => value === 'A' || value === 'B' || value === 'tie';

function withoutThought(reply: string): string {
  return reply.trim().replace(THOUGHT, '').trim();
}

function objectIn(text: string, expected: string): Read<Readonly<Record<string, unknown>>> {
  const json = FENCED.exec(text)?.[1] ?? text;
  let value: unknown;
  try {
    value = parseForeignJson(json);
  } catch (thrown) {
    return wrong(`expected ${expected}, got ${excerpt(text)} (${messageOf(thrown).slice(0, 80)})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return wrong(`expected ${expected}, got ${excerpt(text)}`);
  }
  const twice = duplicateKey(json);
  if (twice !== undefined) return wrong(`expected ${expected}, got the key ${JSON.stringify(twice)} twice`);
  return { ok: true, value: value as Record<string, unknown> };
}
