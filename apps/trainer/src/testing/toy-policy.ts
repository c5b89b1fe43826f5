/**
 * @file A policy small enough to check by hand, behind the trainer's port: words are drawn independently from one softmax,
 * whatever the prompt. For specs of the trainer; it can be told to fail.
 *
 *   log π(y) = Σ_i log softmax(θ)[y_i]        ∂ log π(y) / ∂θ_v = count_v(y) − |y| softmax(θ)_v
 *   θ = B·A with one update of rank 1: B [8, 1], A [1, 1]
 */
import { f32Tensor, present, Rng, type Digest } from '#core';
import type { Response } from '#contracts/common';
import { loraName, type Adapter } from '#ml/adapters';
import { metaInputReference, metaLearnerReference, pairLosses, sigmoidReference } from '#ml/losses';
import type {
  GenerateResult,
  GenerateUnit,
  GradientResult,
  GradientUnit,
  PolicyDescription,
  PolicyPort,
  PolicyRef,
  ReplicaFigures,
  ResponsePair,
  RowStatistics,
  Sample,
  ScoreResult,
  ScoreUnit,
} from '../domain/ports/policy-port.js';

/** Index is the token id; good words raise the toy reward. */
export const TOY_WORDS = ['good', 'great', 'bad', 'awful', 'a', 'the', 'and', 'or'] as const;
const BASE_TENSOR = 'model.layers.0.self_attn.q_proj.weight';
const A_NAME = loraName(BASE_TENSOR, 'A');
const B_NAME = loraName(BASE_TENSOR, 'B');
const WIDTH = TOY_WORDS.length;

export type ToyCall = { readonly kind: 'score' | 'generate' | 'gradient'; readonly index: number };

export class ToyPolicy implements PolicyPort {
  readonly resident = new Map<Digest, Adapter>();
  callCount = 0;
  /** Called before each unit; throwing makes it fail. */
  beforeCall: (call: ToyCall) => void | Promise<void> = () => {};

  describe(): Promise<PolicyDescription> {
    return Promise.resolve({
      baseDigest: 'sha256:toy',
      decodePrecision: 'float32',
      tokenizerDigest: 'sha256:toy-words',
      chatTemplateDigest: '',
      unitItemsMax: 4096,
      samplesPerPromptMax: 64,
      baseTensors: [{ name: BASE_TENSOR, dims: [WIDTH, 1] }],
    });
  }

  handshake(): Promise<void> {
    return Promise.resolve();
  }

  replicas(): readonly ReplicaFigures[] {
    return [];
  }

  async score(unit: ScoreUnit): Promise<ScoreResult> {
    await this.begin('score');
    const tables = unit.policies.map((ref) => this.logProbs(ref));
    return unit.items.map(({ responses }) => ({
      ok: true,
      value: responses.map((response) => {
        const ids = idsOf(response);
        return { ok: true, value: { sums: tables.map((table) => sumOf(table, ids)), tokenCount: ids.length } };
      }),
    }));
  }

  async generate(unit: GenerateUnit): Promise<GenerateResult> {
    await this.begin('generate');
    const table = this.logProbs(unit.policy);
    return unit.items.map(({ seed }) => ({
      ok: true,
      value: Array.from({ length: unit.samplesPerPrompt }, (_, index) => sample(table, new Rng(seed, index), unit)),
    }));
  }

  async gradient(unit: GradientUnit): Promise<GradientResult> {
    await this.begin('gradient');
    const policy = this.logProbs(unit.policy);
    const reference = this.logProbs(unit.reference);
    const gradient = new Float64Array(WIDTH);
    const statistics = unit.items.map((item) => rowOf(unit, item, { policy, reference }, gradient));
    return {
      statistics,
      lossSum: statistics.reduce((sum, { loss }) => sum + loss, 0),
      gradients: this.factorGradients(unit.policy, gradient),
    };
  }

  offerAdapter(digest: Digest, adapter: Adapter): Promise<void> {
    this.resident.set(digest, adapter);
    return Promise.resolve();
  }

  forgetAdapter(digest: Digest): Promise<void> {
    this.resident.delete(digest);
    return Promise.resolve();
  }

  private async begin(kind: ToyCall['kind']): Promise<void> {
    const index = this.callCount++;
    await this.beforeCall({ kind, index });
  }

  private logProbs(ref: PolicyRef): Float64Array {
    const { a, b } = ref === '' ? { a: 0, b: new Float32Array(WIDTH) } : this.factors(ref);
    const theta = Float64Array.from(b, (value) => value * a);
    const max = Math.max(...theta);
    const norm = max + Math.log(theta.reduce((sum, value) => sum + Math.exp(value - max), 0));
    return theta.map((value) => value - norm);
  }

  private factors(digest: Digest): { readonly a: number; readonly b: Float32Array } {
    const { tensors } = present(this.resident.get(digest), `toy adapter ${digest}`);
    const [a = 0] = present(tensors.get(A_NAME), A_NAME).data;
    return { a, b: present(tensors.get(B_NAME), B_NAME).data };
  }

  /** From ∂/∂θ to ∂/∂A and ∂/∂B. */
  private factorGradients(digest: Digest, gradient: Float64Array): GradientResult['gradients'] {
    const { a, b } = this.factors(digest);
    const gradientA = gradient.reduce((sum, value, v) => sum + value * b[v]!, 0);
    return new Map([
      [A_NAME, f32Tensor([1, 1], Float32Array.of(gradientA))],
      [
        B_NAME,
        f32Tensor(
          [WIDTH, 1],
          Float32Array.from(gradient, (value) => value * a),
        ),
      ],
    ]);
  }
}

function idsOf({ text, tokenIds }: Response): number[] {
  if (tokenIds) return [...(tokenIds.ids ?? [])];
  return (text ?? '').split(' ').map((word) => TOY_WORDS.indexOf(word as (typeof TOY_WORDS)[number]));
}

function sumOf(table: Float64Array, ids: readonly number[]): number {
  return ids.reduce((sum, id) => sum + table[id]!, 0);
}

function sample(table: Float64Array, rng: Rng, { sampling }: GenerateUnit): Sample {
  const tokenIds: number[] = [];
  for (let position = 0; position < sampling.maxNewTokens; position++) {
    let left = rng.uniform();
    let id = 0;
    while (id < WIDTH - 1 && left >= Math.exp(table[id]!)) left -= Math.exp(table[id++]!);
    tokenIds.push(id);
  }
  const text = tokenIds.map((id) => TOY_WORDS[id]!).join(' ');
  return { tokenIds, text, logProbSum: sumOf(table, tokenIds), finish: 'length' };
}

interface Tables {
  readonly policy: Float64Array;
  readonly reference: Float64Array;
}

/** Statistics of one row; adds its gradient. */
function rowOf(
  unit: GradientUnit,
  item: GradientUnit['items'][number],
  tables: Tables,
  gradient: Float64Array,
): RowStatistics {
  const { objective, weighting } = unit;
  const { base, slope } = pairLosses[objective.loss].reference;
  const offline = item.offline && marginOf(item.offline, tables, objective);
  const online = item.online && marginOf(item.online, tables, objective);
  const score = offline && metaInputReference(offline.margin, objective.inputBeta);
  const weight = weightOf(weighting, score ?? 0);
  let loss = 0;
  for (const [pair, factor] of [
    [offline, weight],
    [online, 1 - weight],
  ] as const) {
    if (!pair || factor === 0) continue;
    loss += factor * base(pair.margin, objective);
    const step = factor * slope(pair.margin, objective);
    for (let v = 0; v < WIDTH; v++) gradient[v]! += step * pair.direction[v]!;
  }
  return {
    itemId: item.itemId,
    ...(offline && { ellOff: -base(offline.margin, objective) }),
    ...(online && { ellOn: -base(online.margin, objective) }),
    ...(score !== undefined && { score }),
    weight,
    loss,
  };
}

function marginOf(
  { chosen, rejected }: ResponsePair,
  { policy, reference }: Tables,
  objective: GradientUnit['objective'],
): { readonly margin: number; readonly direction: Float64Array } {
  const [winner, loser] = [idsOf(chosen), idsOf(rejected)];
  const margin = pairLosses[objective.loss].reference.margin(
    {
      policyChosen: sumOf(policy, winner),
      policyRejected: sumOf(policy, loser),
      referenceChosen: sumOf(reference, winner),
      referenceRejected: sumOf(reference, loser),
    },
    objective,
  );
  const direction = new Float64Array(WIDTH);
  for (const id of winner) direction[id]! += 1;
  for (const id of loser) direction[id]! -= 1;
  for (let v = 0; v < WIDTH; v++) direction[v]! -= (winner.length - loser.length) * Math.exp(policy[v]!);
  return { margin, direction };
}

function weightOf(weighting: GradientUnit['weighting'], score: number): number {
  if (weighting.kind === 'constant') return weighting.value;
  if (weighting.kind === 'sigmoid') return sigmoidReference(score);
  const { W1, b1, W2, b2 } = weighting.phi;
  return metaLearnerReference(score, { hiddenWeights: W1, hiddenBiases: b1, outputWeights: W2, outputBias: b2 });
}
