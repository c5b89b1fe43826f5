/** @file One decode step: a token per sample in, its logits and its keys and values out. */
import type { LayerType } from '#ml/checkpoint';
import { GraphBuilder, productOf, type Value } from '#ml/graph';
import type { StepLayer } from '#ml/models';
import { PROMPTS, SAMPLES, outputLogits } from '#ml/nn';
import type { Feeds, OnnxSession, RunResults } from '#ml/runtime';
import type { ProgramContext } from './program-context.js';
import { oncePerType, ropeInputs } from './sequence-io.js';
import { quantizeMatrices } from './quantized-matrices.js';
import { weightFeeds, type WeightSet } from './weights.js';

/** Sizes by their symbols: tokens of the longest prompt, tokens of the own stretch; in sliding layers as many as they see. */
const [PROMPT_TOKENS, OWN_TOKENS, SEEN_TOKENS] = ['P', 'S', 'W'] as const;

/** What the layers of one type see of the prompts. */
export const promptMaskName = (type: LayerType) => (type === 'full' ? 'prompt_mask' : 'prompt_mask.sliding');

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

  /** @param quantized weights that the session is to hold as 8-bit integers; without them all weights are inputs */
  static async create(context: ProgramContext, quantized?: WeightSet): Promise<DecodeProgram> {
    const { config, model } = context;
    const { kvHeadCount, headDim, hiddenSize } = config;
    const g = GraphBuilder.create();
    const weights = context.weights(g);
    const sampleCount = productOf([PROMPTS, SAMPLES]);
    const perSample = (name: string): Value => g.reshape(g.input(name, 'i64', [PROMPTS, SAMPLES]), [sampleCount, 1]);
    const promptMasks = oncePerType((type) => g.input(promptMaskName(type), 'f32', [PROMPTS, 1, 1, PROMPT_TOKENS]));
    const promptShape = [PROMPTS, kvHeadCount, PROMPT_TOKENS, headDim];
    const ownRows = productOf([PROMPTS, SAMPLES, kvHeadCount]);
    const ids = perSample('ids');
    const positions = perSample('positions');
    const ropes = ropeInputs(g, config);
    const layers = config.layerTypes.map((type, layer): StepLayer => {
      const names = layerNames(layer);
      const ownShape = [type === 'full' ? OWN_TOKENS : SEEN_TOKENS, ownRows, headDim];
      const cache = {
        promptMask: promptMasks(type),
        promptK: g.input(names.promptK, 'f32', promptShape),
        promptV: g.input(names.promptV, 'f32', promptShape),
        ownK: g.input(names.ownK, 'f32', ownShape),
        ownV: g.input(names.ownV, 'f32', ownShape),
      };
      return { cache, rope: ropes(type) };
    });
    const inputs = { ids, positions, layers };
    const { hidden, newKeyValues } = model.step(g, config, weights, inputs);
    const rows = g.reshape(hidden, [sampleCount, hiddenSize]); // [N*R, C]
    g.output('logits', outputLogits(g.scope('head'), rows, weights.tensor(model.headName(config))));
    newKeyValues.forEach(({ k, v }, layer) => {
      g.output(layerNames(layer).newK, k);
      g.output(layerNames(layer).newV, v);
    });
    if (quantized) quantizeMatrices(g, quantized);
    return new DecodeProgram(await context.compile('decode', g));
  }

  async run(weights: WeightSet, feeds: Feeds): Promise<RunResults> {
    return this.session.run({ ...weightFeeds(this.session, weights), ...feeds });
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
