/** @file What every program is built from. */
import type { TensorMap } from '#core';
import type { ModelConfig } from '#ml/checkpoint';
import { isGradientNode } from '#ml/autodiff';
import {
  encodeOnnx,
  encodeOnnxParts,
  earlyLeaves,
  lower,
  recompute,
  type GraphBuilder,
  type RecomputeOptions,
} from '#ml/graph';
import { decoderModel, type DecoderModel } from '#ml/models';
import { OnnxSession, type OnnxSessionOptions } from '#ml/runtime';
import { deviceProfile, type DeviceProfile } from '../device/device-profile.js';
import { ResidentWeights } from '../device/resident-weights.js';
import { PositionTables } from './sequence-io.js';
import { WeightInputs, type LoraTargets, type ProgramWeights } from './weights.js';

export interface ProgramOptions {
  readonly intraOpThreads: number;
  readonly executionProvider: string;
  /** What is chosen otherwise than for the execution provider. */
  readonly device?: Partial<DeviceProfile>;
  /** Where sessions write what their operations took, if anywhere; the program's name is added. */
  readonly profilePrefix?: string | undefined;
  /** The base's tensors, for sessions that carry them. @default none: weights are inputs */
  readonly baseTensors?: TensorMap;
}

export interface CompileOptions extends Pick<OnnxSessionOptions, 'memory'> {
  /** What the backward pass computes again instead of keeping it. @default nothing */
  readonly isCheap?: RecomputeOptions['isCheap'];
}

export class ProgramContext {
  readonly model: DecoderModel;
  readonly positions: PositionTables;
  readonly device: DeviceProfile;

  constructor(
    readonly config: ModelConfig,
    private readonly options: ProgramOptions,
  ) {
    this.model = decoderModel(config.architecture);
    this.positions = new PositionTables(config);
    this.device = deviceProfile(options.executionProvider, options.device);
  }

  /** The weights of a graph that scores, generates, or trains the factors of an adapter. */
  weights(g: GraphBuilder, trained?: LoraTargets): ProgramWeights {
    const { baseTensors } = this.options;
    const isResident = this.device.weights === 'initializers' && baseTensors !== undefined;
    return isResident
      ? new ResidentWeights(g, this.config, baseTensors, trained)
      : new WeightInputs(g, this.config, trained);
  }

  /** A session for a finished graph; one that has a backward pass needs too much memory to keep it. */
  async compile(
    name: string,
    g: GraphBuilder,
    { memory = 'kept', isCheap }: CompileOptions = {},
  ): Promise<OnnxSession> {
    const { intraOpThreads, executionProvider, profilePrefix } = this.options;
    const { weights, matrixType } = this.device;
    const keep = new Set([this.model.headName(this.config)]);
    const complete = isCheap ? recompute(g.graph, { isGradient: isGradientNode, isCheap }) : g.graph;
    const graph = lower(memory === 'returned' ? earlyLeaves(complete) : complete, {
      executionProvider,
      ...(weights === 'initializers' && matrixType !== 'f32' && { weights: { type: matrixType, keep } }),
    });
    const profile = profilePrefix === undefined ? {} : { profilePrefix: `${profilePrefix}${name}` };
    const options = { name, intraOpThreads, executionProvider, memory, ...profile };
    if (weights === 'inputs') return OnnxSession.create(encodeOnnx(graph), options);
    const { model, externalData } = encodeOnnxParts(graph);
    return OnnxSession.create(model, { ...options, externalData });
  }
}
