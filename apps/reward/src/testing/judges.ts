/** @file For tests: a server that speaks chat completions and judges as the test says, and judges that ask it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { startBackend, type BackendContext } from '../domain/backends/backend-kinds.js';
import type { JudgeSpec } from '../domain/backends/llm-judge/judge-spec.js';
import type { RewardBackend, ScoreOutcome, ScoreRequest } from '../domain/reward-backend.js';
import { HandClock } from './hand-clock.js';
import { scriptedServer, type Answer, type Asked, type ScriptedServer } from './scripted-server.js';
import { temporaryFolder } from './temporary-folder.js';

export const JUDGE_MODEL = 'judge-1';
export const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

/** What a judge was asked: the places of the user's message, by name. */
export type Places = Readonly<Record<string, string>>;

export function placesOf({ body }: Asked): Places {
  const { messages } = body as { messages: readonly { readonly content: string }[] };
  const text = messages.at(-1)!.content;
  const places = [...text.matchAll(/=== (\w{12}) (.+)\n([^]*?)\n=== \1 END/g)];
  return Object.fromEntries(places.map(([, , name, content]) => [name, content]));
}

/** A chat completion with this text, or with other members. */
export function completion(text: string, choice: Readonly<Record<string, unknown>> = {}, reply: object = {}): Answer {
  const message = { role: 'assistant', content: text, refusal: null };
  const choices = [{ index: 0, message, finish_reason: 'stop', ...choice }];
  return { json: { id: 'c1', object: 'chat.completion', model: JUDGE_MODEL, choices, usage: USAGE, ...reply } };
}

/** Lists one model, and judges by `judge`. */
export function judgeServer(
  judge: (places: Places, asked: Asked, number: number) => Answer | Promise<Answer>,
): Promise<ScriptedServer> {
  return scriptedServer((asked, number) =>
    asked.method === 'GET'
      ? { json: { object: 'list', data: [{ id: JUDGE_MODEL }] } }
      : judge(placesOf(asked), asked, number),
  );
}

/** A file that goes away after the tests. */
export function textFile(text: string, name = 'file.txt'): string {
  const path = join(temporaryFolder('judge'), name);
  writeFileSync(path, text);
  return path;
}

export interface Opened {
  readonly backend: RewardBackend;
  readonly clock: HandClock;
  readonly started: number[];
  /** In the order in which outcomes came. */
  readonly heard: number[];
  readonly score: (requests: readonly ScoreRequest[], signal?: AbortSignal) => Promise<ScoreOutcome[]>;
}

export const TIMEOUT_MS = 100_000;

/** Opens any backend with a clock that jumps over waits; closed after the tests. */
export async function opened(
  spec: Parameters<typeof startBackend>[0],
  context: Partial<BackendContext> = {},
): Promise<Opened> {
  const clock = new HandClock(TIMEOUT_MS);
  const backend = await startBackend(spec, {
    rewardModel: 'judge',
    timeoutMs: TIMEOUT_MS,
    loadTimeoutMs: TIMEOUT_MS,
    clock,
    readSecret: () => undefined,
    random: () => 0,
    ...context,
  });
  after(() => backend.close());
  const started: number[] = [];
  const heard: number[] = [];
  const score = (requests: readonly ScoreRequest[], signal = new AbortController().signal) =>
    backend.score(requests, {
      signal,
      onStart: (index) => started.push(index),
      onOutcome: (index) => heard.push(index),
    });
  return { backend, clock, started, heard, score };
}

export function judgeSpecOf(server: Pick<ScriptedServer, 'url'>, fields: Partial<JudgeSpec> = {}): JudgeSpec {
  return {
    backend: 'llm-judge',
    base_url: `${server.url}/v1`,
    model: JUDGE_MODEL,
    rubric: textFile('Reward brevity.'),
    ...fields,
  };
}

export function requestOf(response: string, fields: Partial<ScoreRequest> = {}): ScoreRequest {
  return { prompt: { messages: [], text: 'What is 2 + 2?' }, response, truncated: false, ...fields };
}

/** Scores, and codes where there is none. */
export function summary(outcomes: readonly ScoreOutcome[]): unknown[] {
  return outcomes.map((outcome) => (outcome.ok ? outcome.score : outcome.error.code));
}

export function messageOf(outcome: ScoreOutcome | undefined): string {
  return outcome === undefined || outcome.ok ? '' : outcome.error.message;
}
