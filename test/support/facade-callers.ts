/** @file Busy callers of the HTTP façades: OpenRLHF's clients and vLLM's, in turns. */
import { BusyCallers, type RewardAnswer } from './busy-callers.js';

export interface FacadeCallersOptions {
  /** `host:port` of the façades. */
  readonly address: string;
  readonly rewardModel: string;
  readonly callerCount: number;
  readonly responses: readonly string[];
}

interface Body {
  readonly provenance: { readonly epoch: number; readonly weights_digest: string };
}

/** How a façade is asked, and where its reply has the scores. */
interface Dialect {
  readonly path: string;
  readonly body: object;
  readonly scoresOf: (body: never) => readonly number[];
}

export class FacadeCallers extends BusyCallers {
  constructor({ address, rewardModel, callerCount, responses }: FacadeCallersOptions) {
    const dialects = [openRlhf(rewardModel, responses), vllm(rewardModel, responses)];
    super({ callerCount }, (caller) => asked(`http://${address}`, dialects[caller % dialects.length]!));
  }
}

function openRlhf(rewardModel: string, responses: readonly string[]): Dialect {
  const prompts = responses.map(() => 'How was it? ');
  const query = responses.map((text, at) => `${prompts[at]}${text}`);
  return {
    path: `/models/${rewardModel}/get_reward`,
    body: { query, prompts, labels: prompts.map(() => null) },
    scoresOf: ({ rewards }: { readonly rewards: readonly number[] }) => rewards,
  };
}

function vllm(model: string, input: readonly string[]): Dialect {
  return {
    path: '/classify',
    body: { model, input },
    scoresOf: ({ data }: { readonly data: readonly { readonly probs: readonly number[] }[] }) =>
      data.flatMap(({ probs }) => probs),
  };
}

/** Of the headers, which the body must not contradict. */
async function asked(base: string, { path, body, scoresOf }: Dialect): Promise<RewardAnswer> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const epoch = reply.headers.get('metaapo-reward-epoch') ?? '';
  const weightsDigest = reply.headers.get('metaapo-reward-digest') ?? '';
  const told = (await reply.json()) as Body;
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${JSON.stringify(told)}`);
  const { provenance } = told;
  const isOne = String(provenance.epoch) === epoch && provenance.weights_digest === weightsDigest;
  const failure = isOne ? undefined : `${path}: headers of epoch ${epoch}, body of epoch ${provenance.epoch}`;
  return { epoch, weightsDigest, scores: scoresOf(told as never), failure };
}
