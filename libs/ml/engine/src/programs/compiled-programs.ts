/**
 * @file Programs, compiled when first asked for and kept. Each session has threads and an arena of its own, so there is
 * one per kind; of programs whose constants come with the unit, only the latest few.
 */
import { LruMap, canonicalJson } from '#core';
import type { DrawRules } from '../device/draw-tokens.js';
import { GenerateProgram } from '../device/generate-program.js';
import { DecodeProgram } from './decode-program.js';
import { GradientProgram, type GradientSettings } from './gradient-program.js';
import { LossProgram } from './loss-program.js';
import { MergeProgram } from './merge-program.js';
import { PrefillProgram } from './prefill-program.js';
import type { ProgramContext } from './program-context.js';
import { ScoreProgram } from './score-program.js';
import { TokenGradientProgram } from './token-gradient-program.js';
import type { WeightSet } from './weights.js';

const RECENT_MAX = 6;

export interface PartedGradientPrograms {
  readonly loss: LossProgram;
  readonly tokens: TokenGradientProgram;
}

interface Disposable {
  dispose(): Promise<void>;
}

export class CompiledPrograms {
  private readonly single = new Map<string, Promise<Disposable>>();
  private readonly recent = new LruMap<string, Promise<Disposable>>(RECENT_MAX);

  private quantized: { readonly weights: WeakRef<WeightSet>; readonly program: Promise<DecodeProgram> } | undefined;

  private generation: { readonly key: string; readonly program: Promise<GenerateProgram> } | undefined;

  constructor(readonly context: ProgramContext) {}

  async score(): Promise<ScoreProgram> {
    return this.once('score', async () => ScoreProgram.create(this.context));
  }

  async prefill(): Promise<PrefillProgram> {
    return this.once('prefill', async () => PrefillProgram.create(this.context));
  }

  async decode(): Promise<DecodeProgram> {
    return this.once('decode', async () => DecodeProgram.create(this.context));
  }

  /**
   * The decode program of one policy with 8-bit weights. Only the latest is kept, and it does not keep the policy: a
   * policy usually generates for a while, then is replaced.
   */
  async quantizedDecode(weights: WeightSet): Promise<{ readonly program: DecodeProgram; readonly isNew: boolean }> {
    const known = this.quantized;
    if (known?.weights.deref() === weights) return { program: await known.program, isNew: false };
    await this.dropQuantized();
    const program = DecodeProgram.create(this.context, weights);
    this.quantized = { weights: new WeakRef(weights), program };
    return { program: await program, isNew: true };
  }

  /** Whole generations as one run, for the latest sampling rules. */
  async generate(rules: DrawRules): Promise<GenerateProgram> {
    const key = canonicalJson(rules);
    if (this.generation?.key !== key) {
      await this.dropGeneration();
      this.generation = { key, program: GenerateProgram.create(this.context, rules) };
    }
    return this.generation.program;
  }

  async merge(): Promise<MergeProgram> {
    return this.once('merge', async () => MergeProgram.create(this.context));
  }

  async gradient(settings: GradientSettings): Promise<GradientProgram> {
    return this.amongRecent('gradient', settings, async () => GradientProgram.create(this.context, settings));
  }

  /** The same gradient in two parts: the loss with its slopes, and the responses one by one. */
  async partedGradient({ lora, ...loss }: GradientSettings): Promise<PartedGradientPrograms> {
    return {
      loss: await this.amongRecent('loss', loss, async () => LossProgram.create(this.context, loss)),
      tokens: await this.amongRecent('tokens', { lora }, async () => TokenGradientProgram.create(this.context, lora)),
    };
  }

  async dispose(): Promise<void> {
    await this.dropQuantized();
    await this.dropGeneration();
    const programs = [...this.single.values(), ...this.recent.values()];
    this.single.clear();
    this.recent.clear();
    for (const program of await Promise.allSettled(programs)) {
      if (program.status === 'fulfilled') await program.value.dispose();
    }
  }

  private async dropQuantized(): Promise<void> {
    const program = this.quantized?.program;
    this.quantized = undefined;
    if (program) await (await program).dispose();
  }

  private async dropGeneration(): Promise<void> {
    const program = this.generation?.program;
    this.generation = undefined;
    if (program) await (await program).dispose();
  }

  private async amongRecent<P extends Disposable>(
    kind: string,
    settings: { readonly [Key in keyof GradientSettings]?: GradientSettings[Key] | undefined },
    create: () => Promise<P>,
  ): Promise<P> {
    const lora = settings.lora && Object.fromEntries(settings.lora);
    const key = canonicalJson({ kind, ...settings, lora });
    const known = this.recent.get(key) as Promise<P> | undefined;
    if (known) return known;
    const program = create();
    for (const [, stale] of this.recent.set(key, program)) await (await stale).dispose();
    return program;
  }

  private async once<P extends Disposable>(name: string, create: () => Promise<P>): Promise<P> {
    const known = this.single.get(name) as Promise<P> | undefined;
    const program = known ?? create();
    this.single.set(name, program);
    return program;
  }
}
