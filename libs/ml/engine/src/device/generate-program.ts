/**
 * @file A whole generation as one run: prompts, then a loop that decodes and draws, a token per sample and round.
 *
 *   prompts ── prefill ──┬── logits ── draw ── first tokens ─┐
 *                        └── keys, values ───────────────────┴── Loop { step ── logits ── draw } ── tokens, log-probs
 *
 * Keys and values never leave the device; what comes back is two numbers per token. The state of the loop is the latest
 * tokens, which samples have ended, and the own stretch of every layer (see cachedAttention).
 */
import { present } from '#core';
import type { ModelConfig } from '#ml/checkpoint';
import { GraphBuilder, productOf, type Shape, type Value } from '#ml/graph';
import { PROMPTS, SAMPLES, outputLogits, type KeyValue } from '#ml/nn';
import type { Feeds, OnnxSession, RunResults } from '#ml/runtime';
import type { ProgramContext } from '../programs/program-context.js';
import { ropeInputs } from '../programs/sequence-io.js';
import { weightFeeds, type ProgramWeights, type WeightSet } from '../programs/weights.js';
import { drawTokens, type DrawRules, type Drawn } from './draw-tokens.js';

/** Sizes by their symbols: tokens of the longest prompt, of the own stretch, most new tokens. */
const [PROMPT_TOKENS, OWN_TOKENS, NEW_TOKENS] = ['P', 'S', 'U'] as const;
const ROWS = productOf([PROMPTS, SAMPLES]);

export class GenerateProgram {
  private constructor(private readonly session: OnnxSession) {}

  /** True where every layer sees everything: a window that moves with the round is for step-by-step decoding. */
  static supports({ layerTypes }: ModelConfig): boolean {
    return layerTypes.every((type) => type === 'full');
  }

  static async create(context: ProgramContext, rules: DrawRules): Promise<GenerateProgram> {
    const g = GraphBuilder.create();
    new GenerationGraph(g, context, rules).build();
    return new GenerateProgram(await context.compile('generate', g));
  }

  async run(weights: WeightSet, feeds: Feeds): Promise<RunResults> {
    return this.session.run({ ...weightFeeds(this.session, weights), ...feeds });
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}

class GenerationGraph {
  private readonly weights: ProgramWeights;
  private readonly uniforms: Value;
  private readonly promptLengths: Value;
  private readonly promptMask: Value;
  private readonly lastRows: Value;
  private readonly temperature: Value;
  private readonly topP: Value;
  private readonly rounds: Value;

  constructor(
    private readonly g: GraphBuilder,
    private readonly context: ProgramContext,
    private readonly rules: DrawRules,
  ) {
    const type = context.device.drawType;
    this.weights = context.weights(g);
    this.uniforms = g.input('uniforms', type, [NEW_TOKENS, PROMPTS, SAMPLES]);
    this.promptLengths = g.input('prompt_lengths', 'i64', [PROMPTS, 1]);
    this.promptMask = g.input('prompt_mask', 'f32', [PROMPTS, 1, 1, PROMPT_TOKENS]);
    this.lastRows = g.input('rows', 'i64', [PROMPTS]);
    this.temperature = g.input('temperature', type, []);
    this.topP = g.input('top_p', type, []);
    this.rounds = g.input('rounds', 'i64', []);
  }

  build(): void {
    const { g, context } = this;
    const { config, model } = context;
    const ids = g.input('ids', 'i64', [PROMPTS, PROMPT_TOKENS]);
    const positions = g.input('positions', 'i64', [PROMPTS, PROMPT_TOKENS]);
    const mask = g.input('mask', 'f32', [PROMPTS, 1, 1, PROMPT_TOKENS, PROMPT_TOKENS]) as Value<'B 1 1 T S'>;
    const ropes = ropeInputs(g, config);
    const layers = config.layerTypes.map((type) => ({ mask, rope: ropes(type) }));
    const { hidden, keyValues } = model.prefill(g, config, this.weights, { ids, positions, layers });
    const first = this.firstTokens(g.scope('first'), hidden);
    const ended = this.endedOf(g.scope('first/ended'), first.ids, null);
    const own = keyValues.flatMap(({ k, v }, layer) => [
      this.lastOf(g.scope(`own/k.${layer}`), k),
      this.lastOf(g.scope(`own/v.${layer}`), v),
    ]);
    const ownShape: Shape = [OWN_TOKENS, productOf([ROWS, config.kvHeadCount]), config.headDim];
    const { collected } = g.loop({
      name: 'decode',
      rounds: this.rounds,
      start: anyGoesOn(g.scope('first'), ended),
      initial: [first.ids, ended, ...own],
      stateShapes: [[ROWS], [ROWS], ...own.map(() => ownShape)],
      roundsAxis: 'rounds',
      round: (body, { index, state }) => {
        const [latest, done, ...stretches] = state;
        const drawn = this.round(body, { index, ids: present(latest, 'ids'), stretches, keyValues, ropes });
        const nowEnded = this.endedOf(body.scope('ended'), drawn.ids, present(done, 'ended'));
        return {
          proceed: anyGoesOn(body, nowEnded),
          state: [drawn.ids, nowEnded, ...drawn.stretches],
          collected: [drawn.ids, drawn.logProbs],
        };
      },
    });
    g.output('first_ids', first.ids);
    g.output('first_log_probs', first.logProbs);
    g.output('next_ids', present(collected[0], 'ids'));
    g.output('next_log_probs', present(collected[1], 'log-probs'));
  }

  /** One token per sample from the same logits. */
  private firstTokens(g: GraphBuilder, hidden: Value): Drawn {
    const { config, model } = this.context;
    const flat = g.reshape(hidden, [productOf([PROMPTS, PROMPT_TOKENS]), config.hiddenSize]);
    const last = g.gather(flat, this.lastRows); // [N, C]
    const logits = outputLogits(g.scope('head'), last, this.weights.tensor(model.headName(config))); // [N, V]
    const perPrompt = g.scope('perPrompt').reshape(logits, [PROMPTS, 1, config.vocabularySize]);
    const perSample = g.expand(perPrompt, [PROMPTS, SAMPLES, config.vocabularySize]);
    return this.draw(g, g.scope('perSample').reshape(perSample, [ROWS, config.vocabularySize]), g.scalar(0, 'i64'));
  }

  private round(
    g: GraphBuilder,
    at: {
      readonly index: Value;
      readonly ids: Value;
      readonly stretches: readonly Value[];
      readonly keyValues: readonly KeyValue[];
      readonly ropes: ReturnType<typeof ropeInputs>;
    },
  ): Drawn & { readonly stretches: readonly Value[] } {
    const { config, model } = this.context;
    const stretchOf = (layer: number, side: 0 | 1) => present(at.stretches[2 * layer + side], `stretch ${layer}`);
    const layers = at.keyValues.map(({ k, v }, layer) => ({
      cache: {
        promptK: k,
        promptV: v,
        ownK: stretchOf(layer, 0),
        ownV: stretchOf(layer, 1),
        promptMask: this.promptMask,
      },
      rope: at.ropes(present(config.layerTypes[layer], 'layer')),
    }));
    const position = g.scope('position');
    const positions = position.expand(position.add(this.promptLengths, at.index), [PROMPTS, SAMPLES]);
    const { hidden, newKeyValues } = model.step(g, config, this.weights, {
      ids: g.scope('token').reshape(at.ids, [ROWS, 1]),
      positions: position.reshape(positions, [ROWS, 1]),
      layers,
    });
    const rows = g.scope('head').reshape(hidden, [ROWS, config.hiddenSize]);
    const logits = outputLogits(g.scope('head'), rows, this.weights.tensor(model.headName(config))); // [N*R, V]
    const stretches = newKeyValues.flatMap(({ k, v }, layer) => [
      g.scope(`own/k.${layer}`).concat([stretchOf(layer, 0), k], 0),
      g.scope(`own/v.${layer}`).concat([stretchOf(layer, 1), v], 0),
    ]);
    return { ...this.draw(g, logits, g.scope('next').add(at.index, 1)), stretches };
  }

  /** The draw of one round: token number `token` of every sample. */
  private draw(g: GraphBuilder, logits: Value, token: Value): Drawn {
    const inner = g.scope('sample');
    const uniforms = inner.scope('uniforms').reshape(inner.gather(this.uniforms, token), [ROWS]);
    return drawTokens(inner, { logits, uniforms, temperature: this.temperature, topP: this.topP }, this.rules);
  }

  /** [N*R]: which samples have drawn an end token, now or before. */
  private endedOf(g: GraphBuilder, ids: Value, before: Value | null): Value {
    const ends = g.integers([...this.context.config.eosTokenIds]);
    const hits = g.cast(g.equal(g.reshape(ids, [ROWS, 1]), ends), 'f32'); // [N*R, E]
    const running = before === null ? hits : g.concat([hits, g.reshape(g.cast(before, 'f32'), [ROWS, 1])], 1);
    return g.greater(g.reduceSum(running, [-1]), 0);
  }

  /** Keys or values of each prompt's last token, for every sample: [N, K, P, D] → [1, N*R*K, D]. */
  private lastOf(g: GraphBuilder, heads: Value): Value {
    const { kvHeadCount, headDim } = this.context.config;
    const width = kvHeadCount * headDim;
    const byToken = g.reshape(g.transpose(heads, [0, 2, 1, 3]), [productOf([PROMPTS, PROMPT_TOKENS]), width]);
    const last = g.scope('last').reshape(g.gather(byToken, this.lastRows), [PROMPTS, 1, width]);
    const repeated = g.expand(last, [PROMPTS, SAMPLES, width]);
    return g.scope('first').reshape(repeated, [1, productOf([ROWS, kvHeadCount]), headDim]);
  }
}

/** A scalar: whether a sample is left that has not ended. */
function anyGoesOn(g: GraphBuilder, ended: Value): Value {
  const inner = g.scope('goesOn');
  return inner.greater(inner.reduceSum(inner.cast(inner.not(ended), 'f32'), [0]), 0);
}
