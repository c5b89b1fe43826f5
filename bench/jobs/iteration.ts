/**
 * @file A whole iteration, per prompt: score, sample, annotate, train; against one step of TRL's Online DPO.
 *
 * Twice for us: MetaAPO with K = 8 samples and an offline and an online pair per prompt, where every prompt passes the
 * gate; and TRL's own job, two samples and their pair. Everyone gets the same prompts, 64 new tokens and a reward that costs
 * nothing, the length of the text.
 */
import { present } from '#core';
import { readModelConfig } from '#ml/checkpoint';
import type { GeneratedSample, GradientUnit, PolicyEngine, TokenPair } from '#ml/engine';
import { ChatTokenizer } from '#ml/tokenizer';
import type { Benchmark } from '../benchmark.js';
import { bestOf, fastestOf, named, ratio, takeTurns, timesOf, type Entrant } from '../contest.js';
import { Learner } from '../learner.js';
import { secondsOf } from '../measurement.js';
import { withPeer } from '../peer.js';
import { openEngine } from '../setting.js';
import { LORA, NEW_TOKENS, TRAINING, somePairs } from '../workload.js';

const JOB = 'whole iteration, per prompt';
const PROMPTS = 8;
const GOAL = 8;
const SCRIPT = 'trl_online_dpo.py';
const META = { name: 'metaapo, K = 8, offline and online pair', samples: 8 } as const;
const ONLINE = { name: "metaapo, TRL's job: K = 2, online pair", samples: 2 } as const;

const pairs = somePairs(PROMPTS, NEW_TOKENS);
const prompts = pairs.map(({ prompt }) => prompt);

export const iteration: Benchmark = async (setting, { say, folder, noteVersions }) => {
  const { vocabularySize } = await readModelConfig(setting.modelPath);
  const tokenizer = await ChatTokenizer.load(setting.modelPath, { vocabularySize });
  const engine = await openEngine(setting);
  try {
    const learner = new Learner(engine);
    await learner.publish();
    const loop = new Loop(engine, learner, tokenizer);
    const perPrompt = (run: () => Promise<void>) => async () => (await secondsOf(run)) / PROMPTS;
    const ours: Entrant[] = [
      { name: META.name, group: META.name, run: perPrompt(() => loop.metaApo()) },
      { name: ONLINE.name, group: ONLINE.name, run: perPrompt(() => loop.onlineDpo()) },
    ];
    const job = {
      model: setting.modelPath,
      prompts,
      texts: prompts.map((ids) => tokenizer.decode(ids, { skipSpecial: false })),
      newTokens: NEW_TOKENS,
      lora: LORA,
      ...TRAINING,
    };
    const times = await withPeer(setting, { script: SCRIPT, folder, job, noteVersions, say }, (peers) =>
      takeTurns([...ours, ...peers], { rounds: setting.rounds, say }),
    );
    const other = fastestOf(times, SCRIPT);
    const against = (name: string, goal?: number) =>
      other === undefined ? [] : [ratio(named(times, name), other, { job: JOB, ...(goal !== undefined && { goal }) })];
    return [
      ...timesOf(JOB, times),
      ...phases(loop, bestOf(named(times, META.name))),
      ...against(META.name, GOAL),
      ...against(ONLINE.name),
    ];
  } finally {
    await engine.dispose();
  }
};

function phases(loop: Loop, secondsPerPrompt: number) {
  return [...loop.seconds].map(([phase, seconds]) => ({
    job: JOB,
    name: `${META.name}: ${phase}`,
    value: seconds / PROMPTS,
    unit: 's',
    note: `${((100 * seconds) / PROMPTS / secondsPerPrompt).toFixed(0)} %`,
  }));
}

class Loop {
  /** Of each phase in the latest iteration of MetaAPO. */
  readonly seconds = new Map<string, number>();
  private seed = 0n;

  constructor(
    private readonly engine: PolicyEngine,
    private readonly learner: Learner,
    private readonly tokenizer: ChatTokenizer,
  ) {}

  async metaApo(): Promise<void> {
    const timed = async <T>(phase: string, run: () => Promise<T>): Promise<T> => {
      let result: T | undefined;
      this.seconds.set(phase, await secondsOf(async () => (result = await run())));
      return result as T;
    };
    await timed('score', () =>
      this.engine.score({
        policies: [this.learner.policy, null],
        rows: pairs.map(({ prompt, chosen, rejected }) => ({ prompt, responses: [chosen, rejected] })),
        includeTokenLogProbs: false,
      }),
    );
    const online = await timed('sample and annotate', () => this.bestAndWorst(META.samples));
    const rows = pairs.map(({ prompt, ...offline }, index) => ({
      prompt,
      offline,
      online: present(online[index], `pair ${index}`),
    }));
    const weights = pairs.map(() => TRAINING.weight);
    await timed('train', () => this.learner.step({ weighting: { kind: 'per_item', weights }, rows }));
  }

  async onlineDpo(): Promise<void> {
    const online = await this.bestAndWorst(ONLINE.samples);
    const rows: GradientUnit['rows'] = prompts.map((prompt, index) => ({
      prompt,
      online: present(online[index], `pair ${index}`),
    }));
    await this.learner.step({ weighting: { kind: 'constant', weight: 0 }, rows });
  }

  /** Samples under the policy as it is, judged by the length of their text. */
  private async bestAndWorst(samplesPerPrompt: number): Promise<TokenPair[]> {
    const samples: GeneratedSample[] = [];
    await this.engine.generate(
      {
        policy: this.learner.policy,
        rows: prompts.map((prompt) => ({ prompt, seed: this.seed++ })),
        samplesPerPrompt,
        sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens: NEW_TOKENS, stop: [] },
      },
      (sample) => void samples.push(sample),
    );
    const rewarded = samples.map((sample) => ({
      ...sample,
      reward: this.tokenizer.decode(sample.tokenIds, { skipSpecial: true }).length,
    }));
    return prompts.map((_, row) => {
      const ranked = rewarded
        .filter(({ rowIndex, tokenIds }) => rowIndex === row && tokenIds.length > 0)
        .toSorted((a, b) => b.reward - a.reward);
      return {
        chosen: present(ranked[0], `sample of prompt ${row}`).tokenIds,
        rejected: present(ranked.at(-1), `sample of prompt ${row}`).tokenIds,
      };
    });
  }
}
