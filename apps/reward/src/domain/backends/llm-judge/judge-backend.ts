/** @file A reward model that is a language model with a rubric, behind a server that speaks OpenAI's chat completions. */
import { readFile } from 'node:fs/promises';
import { digestOf, digestOfJson, messageOf, present, type Digest } from '#core';
import type {
  BackendDescription,
  RewardBackend,
  ScoreOptions,
  ScoreOutcome,
  ScoreRequest,
} from '../../reward-backend.js';
import { RewardModelBrokenError } from '../../reward.errors.js';
import { callSettings } from '../http/call-settings.js';
import { tlsClient } from '../http/client-tls.js';
import { secretOf } from '../http/endpoint.js';
import { HttpCaller } from '../http/http-caller.js';
import type { OutwardStart } from '../http/outward-start.js';
import { probed } from '../http/probe.js';
import { scoreBatches } from '../http/score-batches.js';
import { loadBaselines, type Baselines } from './baselines.js';
import { Judge } from './judge.js';
import { pairwiseInstructions, pointwiseInstructions } from './judge-prompt.js';
import { judgeSettings, scoreFacts, type JudgeSettings } from './judge-settings.js';
import type { JudgeSpec } from './judge-spec.js';
import { refuseUnlisted } from './listed-models.js';

/** Without a variable of its own, as OpenAI's clients have it. */
const KEY_VARIABLE_DEFAULT = 'OPENAI_API_KEY';
const RUBRIC_BYTES_MAX = 256 * 2 ** 10;

export class JudgeBackend implements RewardBackend {
  private readonly closing = new AbortController();

  private constructor(
    private readonly rewardModel: string,
    private readonly judge: Judge,
    private readonly caller: HttpCaller,
    private readonly description: BackendDescription,
  ) {}

  /** @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) */
  static async start(options: OutwardStart<JudgeSpec>): Promise<JudgeBackend> {
    const { rewardModel, spec, clock, random, listener, readSecret } = options;
    const settings = judgeSettings(spec);
    const rubric = await readRubric(rewardModel, spec.rubric);
    const baselines = await baselinesOf(options, settings);
    const { api_key_env: variable = KEY_VARIABLE_DEFAULT, api_key_header: header, verify = true } = spec;
    const required = spec.api_key_env !== undefined;
    const secret = secretOf({ rewardModel, variable, required, header, readSecret });
    const calls = callSettings(spec, options);
    const client = tlsClient(rewardModel, spec.tls);
    const caller = new HttpCaller({ rewardModel, settings: calls, secret, client, clock, random, listener });
    if (verify) await probeJudge(caller, options);
    const files = { rubric: rubric.digest, baseline: baselines?.digest };
    const description: BackendDescription = {
      kind: 'llm-judge',
      weightsDigest: digestOfJson(scoreFacts(spec, settings, files)),
      templateDigest: digestOf(instructionsOf(settings, rubric.text)),
      executionProvider: 'http',
      dtype: 'text',
      mayBill: true,
      scoreMin: settings.scoreMin,
      scoreMax: settings.scoreMax,
    };
    const judge = new Judge({
      rewardModel,
      baseUrl: spec.base_url,
      settings,
      rubric: rubric.text,
      baselines,
      baselinePath: spec.baseline ?? '',
      price: spec.price,
      caller,
      onTokens: (kind, tokenCount) => listener.onTokens(rewardModel, kind, tokenCount),
    });
    return new JudgeBackend(rewardModel, judge, caller, description);
  }

  describe(): BackendDescription {
    return this.description;
  }

  async score(requests: readonly ScoreRequest[], options: ScoreOptions): Promise<ScoreOutcome[]> {
    const { rewardModel, judge, closing } = this;
    return scoreBatches(requests, options, {
      rewardModel,
      batchSize: 1,
      closed: closing.signal,
      score: async ([request], { signal, onBegin }) => {
        const score = await judge.score(present(request, 'request'), { signal, onBegin: () => onBegin(0) });
        return [{ ok: true, ...score }];
      },
    });
  }

  async close(): Promise<void> {
    this.closing.abort(new DOMException('the backend is closed', 'AbortError'));
    this.caller.close();
  }
}

/** Closes the caller where the server does not serve the judge. @throws RewardModelBrokenError */
async function probeJudge(caller: HttpCaller, options: OutwardStart<JudgeSpec>): Promise<void> {
  const { rewardModel, spec } = options;
  try {
    await probed((signal) => refuseUnlisted(caller, spec, { rewardModel, signal }), options);
  } catch (thrown) {
    caller.close();
    throw thrown;
  }
}

function instructionsOf(settings: JudgeSettings, rubric: string): string {
  return settings.mode === 'pointwise'
    ? pointwiseInstructions(rubric, settings)
    : pairwiseInstructions(rubric, settings);
}

async function baselinesOf(
  { rewardModel, spec: { baseline: path } }: OutwardStart<JudgeSpec>,
  { mode, against }: JudgeSettings,
): Promise<Baselines | undefined> {
  if (mode !== 'pairwise' || path === undefined) return undefined;
  return loadBaselines({ rewardModel, path, against });
}

async function readRubric(rewardModel: string, path: string): Promise<{ text: string; digest: Digest }> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (thrown) {
    throw new RewardModelBrokenError(rewardModel, `its rubric cannot be read: ${messageOf(thrown)}`);
  }
  const text = bytes.toString('utf8').trim();
  if (text !== '' && bytes.length <= RUBRIC_BYTES_MAX) return { text, digest: digestOf(bytes) };
  const got = text === '' ? 'none' : `${bytes.length} bytes`;
  throw new RewardModelBrokenError(
    rewardModel,
    `expected a rubric of some text, at most ${RUBRIC_BYTES_MAX} bytes, in ${path}; got ${got}`,
  );
}
