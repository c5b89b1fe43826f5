/** @file 8 prompts × 8 samples × 64 new tokens at temperature 1, from the whole vocabulary. */
import type { DecodePrecision, PolicyEngine } from '#ml/engine';
import type { Benchmark } from '../benchmark.js';
import { bestOf, fastestOf, named, ratio, takeTurns, timesOf, type Entrant, type Times } from '../contest.js';
import { secondsOf, type Measurement } from '../measurement.js';
import { withPeer } from '../peer.js';
import { openEngine, type Setting } from '../setting.js';
import { NEW_TOKENS, somePrompts } from '../workload.js';

const JOB = 'generation 8 × 8 × 64';
const PROMPTS = 8;
const SAMPLES = 8;
const PRECISIONS = ['float32', 'int8'] as const;
/** Script, and how many times as fast we want to be as its fastest way. */
const GOALS = { 'transformers_generate.py': 3, 'llama_cpp_generate.py': 1.5 } as const;

const prompts = somePrompts(PROMPTS);

export const generation: Benchmark = async (setting, { say, folder, noteVersions }) => {
  const engines = new Map<string, PolicyEngine>();
  try {
    for (const decodePrecision of precisionsOf(setting)) {
      engines.set(`metaapo ${decodePrecision}`, await openEngine(setting, decodePrecision));
    }
    const drawn = new Map<string, number>();
    const ours = [...engines].map(([name, engine]): Entrant => ({
      name,
      group: name,
      run: async () => secondsOf(async () => drawn.set(name, await generate(engine))),
    }));
    const job = { model: setting.modelPath, prompts, samples: SAMPLES, newTokens: NEW_TOKENS };
    const [first, second] = Object.keys(GOALS) as [string, string];
    const { rounds } = setting;
    const shared = { folder, job, noteVersions, say };
    const times = await withPeer(setting, { script: first, ...shared }, (some) =>
      withPeer(setting, { script: second, ...shared }, (others) =>
        takeTurns([...ours, ...some, ...others], { rounds, say }),
      ),
    );
    return [...timesOf(JOB, times), ...rates(times, drawn), ...ratios(times)];
  } finally {
    for (const engine of engines.values()) await engine.dispose();
  }
};

async function generate(engine: PolicyEngine): Promise<number> {
  const { newTokenCount } = await engine.generate(
    {
      policy: null,
      rows: prompts.map((prompt, index) => ({ prompt, seed: BigInt(index) })),
      samplesPerPrompt: SAMPLES,
      sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens: NEW_TOKENS, stop: [] },
    },
    () => {},
  );
  return newTokenCount;
}

/** An end token may come by chance; only tokens that were drawn count. The others go on to the end. */
function rates(times: readonly Times[], drawn: ReadonlyMap<string, number>): Measurement[] {
  const all = PROMPTS * SAMPLES * NEW_TOKENS;
  return times
    .filter((row) => Number.isFinite(bestOf(row)))
    .map((row) => {
      const { name } = row.entrant;
      const tokens = drawn.get(name) ?? all;
      return { job: JOB, name, value: tokens / bestOf(row), unit: 'tokens/s', note: `${tokens} tokens` };
    });
}

/** 8-bit decoding is for the processor. */
function precisionsOf({ executionProvider = 'cpu' }: Setting): readonly DecodePrecision[] {
  return executionProvider === 'cpu' ? PRECISIONS : ['float32'];
}

function ratios(times: readonly Times[]): Measurement[] {
  return Object.entries(GOALS).flatMap(([script, goal]) => {
    const other = fastestOf(times, script);
    if (other === undefined) return [];
    return PRECISIONS.filter((precision) => times.some(({ entrant }) => entrant.name === `metaapo ${precision}`)).map(
      (precision) => {
        const note = `the fastest way of ${script}`;
        return ratio(named(times, `metaapo ${precision}`), other, { job: JOB, goal, note });
      },
    );
  });
}
