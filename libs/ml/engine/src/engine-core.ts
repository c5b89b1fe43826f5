/**
 * @file The engine without its thread: a base model, the policies on it, and the programs that compute with them.
 *
 * Runs wherever it is created and keeps that thread busy; services use it through `openPolicyEngine`. Programs are
 * compiled when first needed.
 */
import { assert, present, systemClock, type Clock, type Digest } from '#core';
import type { Adapter } from '#ml/adapters';
import { openCheckpoint, type Checkpoint } from '#ml/checkpoint';
import { ChatTokenizer } from '#ml/tokenizer';
import { MergedWeights, Policies, type LoadedAdapter, type Policy } from './adapters/policies.js';
import type { DeviceProfile } from './device/device-profile.js';
import { GenerateProgram } from './device/generate-program.js';
import { drawRulesOf, loopGeneration } from './device/loop-generation.js';
import { ResidentPolicies } from './device/resident-policies.js';
import { DecodePrecisionUnsupportedError } from './engine.errors.js';
import { gradientTokensMax, wholeRowTokensMax } from './batching/micro-batches.js';
import { CompiledPrograms } from './programs/compiled-programs.js';
import type { DecodeProgram } from './programs/decode-program.js';
import { ProgramContext } from './programs/program-context.js';
import type {
  ComputeSegment,
  DecodePrecision,
  EngineDescription,
  GenerateUnit,
  GenerateUsage,
  GradientResult,
  GradientUnit,
  PolicyRef,
  ScoreResult,
  ScoreUnit,
  TokenSequence,
} from './policy-engine.js';
import { DivergenceProbe } from './units/decode-divergence.js';
import { checkGenerateUnit, checkGradientUnit, checkScoreUnit } from './units/check-unit.js';
import { generateUnit, type GenerateParts } from './units/generate-unit.js';
import { gradientUnit } from './units/gradient-unit.js';
import { logitsOf } from './units/logits.js';
import { scoreUnit } from './units/score-unit.js';
import type { GenerationControl, UnitControl } from './units/unit-control.js';

export interface EngineCoreOptions {
  /** A Hugging Face model folder. */
  readonly modelDir: string;
  /** @default 1 */
  readonly intraOpThreads?: number;
  /** @default cpu */
  readonly executionProvider?: string;
  /** @default float32 */
  readonly decodePrecision?: DecodePrecision;
  /** What is chosen otherwise than for the execution provider. */
  readonly device?: Partial<DeviceProfile>;
  /** Tokens of the longest row whose gradient is taken in one piece. @default 1024, fewer for large models */
  readonly treeTokensMax?: number;
  /** Where sessions write what their operations took, for benchmarks. @default nowhere */
  readonly profilePrefix?: string;
  readonly clock?: Clock;
}

/** What an engine is set to. */
type EngineSettings = Required<Pick<EngineCoreOptions, 'executionProvider' | 'decodePrecision' | 'treeTokensMax'>>;

export class EngineCore {
  readonly description: EngineDescription;
  private readonly epochOffsetMs: number;
  private tokenizer: Promise<ChatTokenizer> | undefined;

  private constructor(
    private readonly checkpoint: Checkpoint,
    private readonly programs: CompiledPrograms,
    private readonly policies: Policies,
    private readonly clock: Clock,
    private readonly settings: EngineSettings,
  ) {
    const { executionProvider, decodePrecision } = settings;
    const { config, digest, tensors } = checkpoint;
    this.epochOffsetMs = clock.nowMs() - clock.monotonicMs();
    this.description = {
      baseDigest: digest,
      architecture: config.architecture,
      contextTokensMax: config.contextTokensMax,
      vocabularySize: config.vocabularySize,
      executionProvider,
      dtype: MATRIX_TYPES[programs.context.device.matrixType],
      decodePrecision,
      baseTensors: [...tensors].map(([name, { dims }]) => ({ name, dims })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  }

  static async open(options: EngineCoreOptions): Promise<EngineCore> {
    const { modelDir, intraOpThreads = 1, executionProvider = 'cpu', clock = systemClock } = options;
    const { decodePrecision = 'float32', device = {} } = options;
    const checkpoint = await openCheckpoint(modelDir);
    const { config, tensors } = checkpoint;
    const { profilePrefix } = options;
    const context = new ProgramContext(config, {
      intraOpThreads,
      executionProvider,
      device,
      profilePrefix,
      baseTensors: tensors,
    });
    if (decodePrecision !== 'float32' && context.device.weights === 'initializers') {
      throw new DecodePrecisionUnsupportedError(decodePrecision, executionProvider);
    }
    const programs = new CompiledPrograms(context);
    const policies = new Policies(tensors, await policyWeights(context, { programs, tensors }));
    return new EngineCore(checkpoint, programs, policies, clock, {
      executionProvider,
      decodePrecision,
      treeTokensMax: options.treeTokensMax ?? wholeRowTokensMax(config),
    });
  }

  async putAdapter(digest: Digest, adapter: Adapter): Promise<void> {
    await this.policies.put(digest, adapter);
  }

  dropAdapter(digest: Digest): void {
    this.policies.drop(digest);
  }

  /** Takes hold of policies, so that dropping them does not matter to a unit that waits. */
  async policiesOf(refs: readonly PolicyRef[]): Promise<Policy[]> {
    return Promise.all(refs.map(async (ref) => this.policies.get(ref)));
  }

  async score(unit: ScoreUnit, policies: readonly Policy[], control: UnitControl): Promise<ScoreResult> {
    checkScoreUnit(unit, this.description);
    const program = await this.programs.score();
    const segment = this.beginSegment('score');
    const rows = await scoreUnit(program, unit, policies, control);
    return { rows, ...finish([segment()]) };
  }

  async gradient(
    unit: GradientUnit,
    { policy, reference }: { readonly policy: Policy; readonly reference: Policy },
    control: UnitControl,
  ): Promise<GradientResult> {
    checkGradientUnit(unit, this.description);
    const { adapter } = policy;
    assert(adapter !== null, 'a gradient is taken with respect to an adapter');
    const settings = gradientSettings(unit, adapter);
    const gradient = await this.programs.gradient(settings);
    const parted = async () => this.programs.partedGradient(settings);
    const score = await this.programs.score();
    const segment = this.beginSegment('gradient');
    const tokensMax = gradientTokensMax(this.checkpoint.config);
    const { treeTokensMax } = this.settings;
    const parts = { gradient, parted, score, policy: { ...policy, adapter }, reference, tokensMax, treeTokensMax };
    const sums = await gradientUnit(parts, unit, control);
    return { ...sums, ...finish([segment()]) };
  }

  async generate(unit: GenerateUnit, policy: Policy, control: GenerationControl): Promise<GenerateUsage> {
    checkGenerateUnit(unit, this.description);
    const { device, config } = this.programs.context;
    if (device.generation === 'loop' && GenerateProgram.supports(config)) {
      return this.generateInOneRun(unit, policy, control);
    }
    const prefill = await this.programs.prefill();
    const { program: decode, isNew } = await this.decoderOf(policy);
    const probe = isNew ? new DivergenceProbe(unit.rows.length) : undefined;
    const textOf = unit.sampling.stop.length > 0 ? await this.decoder() : neverDecodes;
    const segments: ComputeSegment[] = [];
    const startMs = this.epochMs();
    const usage = await generateUnit({
      prefill,
      decode,
      ...(probe && { probe }),
      config: this.checkpoint.config,
      weights: policy.weights,
      positions: this.programs.context.positions,
      textOf,
      unit,
      control,
      timed: this.timedInto(segments),
    });
    const firstTokenMs = segments.find(({ name }) => name === 'prefill')?.endMs ?? startMs;
    const segment = this.beginSegment('score');
    const decodeDivergence = await probe?.measure(prefill, policy.weights, control);
    if (decodeDivergence) segments.push(segment());
    return {
      ...usage,
      ...(decodeDivergence && { decodeDivergence }),
      timeToFirstTokenMs: firstTokenMs - startMs,
      ...finish(segments),
    };
  }

  /** The same, with the steps on the device: tokens arrive when all of a wave are there. */
  private async generateInOneRun(
    unit: GenerateUnit,
    { weights }: Policy,
    control: GenerationControl,
  ): Promise<GenerateUsage> {
    const { config, device, positions } = this.programs.context;
    const program = await this.programs.generate(drawRulesOf(unit.sampling));
    const textOf = unit.sampling.stop.length > 0 ? await this.decoder() : neverDecodes;
    const segments: ComputeSegment[] = [];
    const startMs = this.epochMs();
    const counts = await loopGeneration({
      program,
      device,
      config,
      weights,
      positions,
      textOf,
      unit,
      control,
      timed: this.timedInto(segments),
    });
    const timeToFirstTokenMs = (segments[0]?.endMs ?? startMs) - startMs;
    return { ...counts, timeToFirstTokenMs, ...finish(segments) };
  }

  /** Logits of every position, [T, V] per sequence; for tools and tests. */
  async logits(sequences: readonly TokenSequence[], policy: PolicyRef = null): Promise<Float32Array[]> {
    const { weights } = await this.policies.get(policy);
    return logitsOf(await this.programs.prefill(), weights, sequences, this.description.vocabularySize);
  }

  async dispose(): Promise<void> {
    await this.programs.dispose();
  }

  /** Milliseconds since the epoch as the monotonic clock counts them: whole milliseconds are too coarse for a short pass. */
  private epochMs(): number {
    return this.epochOffsetMs + this.clock.monotonicMs();
  }

  /** Runs parts of the work one after the other, and notes how long each took. */
  private timedInto(segments: ComputeSegment[]): GenerateParts['timed'] {
    return async (name, run) => {
      const segment = this.beginSegment(name);
      const result = await run();
      segments.push(segment());
      return result;
    };
  }

  private beginSegment(name: ComputeSegment['name']): () => ComputeSegment {
    const startMs = this.epochMs();
    return () => ({ name, startMs, endMs: this.epochMs() });
  }

  /** `isNew` when its 8-bit weights were made for this call. */
  private async decoderOf({ weights }: Policy): Promise<{ readonly program: DecodeProgram; readonly isNew: boolean }> {
    if (this.description.decodePrecision === 'int8') return this.programs.quantizedDecode(weights);
    return { program: await this.programs.decode(), isNew: false };
  }

  private async decoder(): Promise<(tokenIds: readonly number[]) => string> {
    const { dir, config } = this.checkpoint;
    const [eosTokenId] = config.eosTokenIds;
    this.tokenizer ??= ChatTokenizer.load(dir, { eosTokenId: present(eosTokenId, 'end token') });
    const tokenizer = await this.tokenizer;
    return (tokenIds) => tokenizer.decode(tokenIds, { skipSpecial: true });
  }
}

async function policyWeights(
  { config, device, model }: ProgramContext,
  base: { readonly programs: CompiledPrograms; readonly tensors: Checkpoint['tensors'] },
): Promise<MergedWeights | ResidentPolicies> {
  if (device.weights === 'initializers') {
    await base.programs.score(); // a provider that is not there is found at once, not by the first unit
    return new ResidentPolicies(config, new Set([model.headName(config)]));
  }
  return new MergedWeights(base.tensors, await base.programs.merge());
}

const MATRIX_TYPES = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' } as const;

function neverDecodes(): string {
  return '';
}

function finish(segments: readonly ComputeSegment[]): { computeMs: number; segments: readonly ComputeSegment[] } {
  return { computeMs: segments.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0), segments };
}

function gradientSettings({ objective, weighting }: GradientUnit, { lora }: LoadedAdapter) {
  const kind = weighting.kind === 'constant' || weighting.kind === 'per_item' ? 'given' : weighting.kind;
  return { objective, weighting: kind, ...(lora && { lora }) } as const;
}
