/** @file One decode step: a token per sample in, its logits and its keys and values out. */
import { GraphBuilder, productOf, type Value } from '#ml/graph';
import { PROMPTS, SAMPLES, outputLogits, type LayerCache } from '#ml/nn';
import type { Feeds, OnnxSession, RunResults } from '#ml/runtime';
import type { ProgramContext } from './program-context.js';
import { ropeInputs } from './sequence-io.js';
import { WeightInputs, weightFeeds, type WeightSet } from './weights.js';

/** Sizes by their symbols: tokens of the longest prompt, tokens of the own stretch. */
const [PROMPT_TOKENS, OWN_TOKENS] = ['P', 'S'] as const;

/** Names of a layer's inputs and outputs. */
export const layerNames = (layer: number) => ({
  promptK: `prompt_k.${layer}`,
  promptV: `prompt_v.${layer}`,
  ownK: `own_k.${layer}`,
  ownV: `own_v.${layer}`,
  newK: `new_k.${layer}`,
  newV: `new_v.${layer}`,
});

export class DecodeProgram {
  private constructor(private readonly session: OnnxSession) {}

  static async create(context: ProgramContext): Promise<DecodeProgram> {
    const { config, model } = context;
    const { kvHeadCount, headDim, hiddenSize } = config;
    const g = GraphBuilder.create();
    const weights = new WeightInputs(g, config);
    const sampleCount = productOf([PROMPTS, SAMPLES]);
    const perSample = (name: string): Value => g.reshape(g.input(name, 'i64', [PROMPTS, SAMPLES]), [sampleCount, 1]);
    const promptMask = g.input('prompt_mask', 'f32', [PROMPTS, 1, 1, PROMPT_TOKENS]);
    const promptShape = [PROMPTS, kvHeadCount, PROMPT_TOKENS, headDim];
    const ownShape = [OWN_TOKENS, productOf([PROMPTS, SAMPLES, kvHeadCount]), headDim];
    const caches = Array.from({ length: config.layerCount }, (_, layer): LayerCache => {
      const names = layerNames(layer);
      return {
        promptK: g.input(names.promptK, 'f32', promptShape),
        promptV: g.input(names.promptV, 'f32', promptShape),
        ownK: g.input(names.ownK, 'f32', ownShape),
        ownV: g.input(names.ownV, 'f32', ownShape),
        promptMask,
      };
    });
    const inputs = { ids: perSample('ids'), positions: perSample('positions'), rope: ropeInputs(g, config), caches };
    const { hidden, newKeyValues } = model.step(g, config, weights, inputs);
    const rows = g.reshape(hidden, [sampleCount, hiddenSize]); // [N*R, C]
    g.output('logits', outputLogits(g.scope('head'), rows, weights.tensor(model.headName(config))));
    newKeyValues.forEach(({ k, v }, layer) => {
      g.output(layerNames(layer).newK, k);
      g.output(layerNames(layer).newV, v);
    });
    return new DecodeProgram(await context.compile('decode', g));
  }

  async run(weights: WeightSet, feeds: Feeds): Promise<RunResults> {
    return this.session.run({ ...weightFeeds(this.session, weights), ...feeds });
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
