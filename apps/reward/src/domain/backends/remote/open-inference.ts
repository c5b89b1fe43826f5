/**
 * @file The Open Inference Protocol over gRPC (KServe, MLServer, Triton, and this service's own façade): texts in as BYTES,
 * one number for each out.
 *
 * Source: kserve/open-inference-protocol, `open_inference_grpc.proto`.
 */
import { present, type Clock } from '#core';
import { createRpcClient, RemoteError, type ClientTls } from '#platform/rpc';
import type { ScoreRequest } from '../../reward-backend.js';
import { heard, persistently } from '../http/attempts.js';
import type { CallSettings } from '../http/call-settings.js';
import { openTls } from '../http/client-tls.js';
import { Gate } from '../http/gate.js';
import type { OutwardListener } from '../http/outward-listener.js';
import {
  RewardRemoteChangedError,
  RewardRemoteFailedError,
  RewardRemoteNotReadyError,
  RewardRemoteRefusedError,
  RewardRemoteReplyInvalidError,
  type RemoteAttempt,
} from '../http/remote.errors.js';
import { grpcFailure } from './grpc-failure.js';
import { inputNames, inputRank, outputName, outputType } from './oip-metadata.js';
import { numbersOf, textTensor, type Outputs } from './oip-tensors.js';
import type { RemoteCall, RemoteIdentity, RemoteProtocol, RemoteScore } from './remote-protocol.js';
import type { OipSpec } from './remote-spec.js';
import type { RemoteTemplate } from './remote-template.js';

export interface OpenInferenceOptions {
  readonly rewardModel: string;
  readonly spec: OipSpec;
  readonly settings: CallSettings;
  readonly template: RemoteTemplate | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly listener: OutwardListener;
}

/** One text per input of the model. */
type Texts = Readonly<Record<string, string>>;

/** As the contract's message has it; only what is read here. */
interface InferReply extends Outputs {
  readonly modelVersion: string;
}

export class OpenInference implements RemoteProtocol<Texts> {
  readonly executionProvider = 'grpc';
  readonly batchSize: number;
  readonly templateDigest: RemoteProtocol['templateDigest'];
  readonly facts: unknown;
  private readonly client;
  private readonly tls: ClientTls | undefined;
  private readonly gate: Gate;
  private rank: 1 | 2 = 1;
  private outputType = 'unknown';
  /** The version that answered first, where none is asked for. */
  private version: string | undefined;

  /** @throws RewardModelBrokenError naming a certificate file that cannot be used */
  constructor(private readonly options: OpenInferenceOptions) {
    const { rewardModel, spec, settings, template, clock } = options;
    this.tls = openTls(rewardModel, spec.tls);
    this.client = createRpcClient('inference.GRPCInferenceService', spec.address, { tls: this.tls });
    this.gate = new Gate(settings, clock);
    this.batchSize = spec.batch_size ?? 16;
    this.templateDigest = template?.digest;
    this.version = spec.version;
    const { address, model, version, revision, label } = spec;
    this.facts = { address, model, version, revision, label, inputs: inputNames(spec), output: outputName(spec) };
  }

  get dtype(): string {
    return this.outputType;
  }

  /** @throws RewardModelBrokenError where the model has other tensors than those that are configured */
  async identify(signal: AbortSignal): Promise<RemoteIdentity> {
    const { rewardModel, spec, settings, clock, random } = this.options;
    const { timeoutMs } = settings;
    const described = (number: number) =>
      this.once(number, signal, async () => {
        const metadata = await this.client.modelMetadata(this.asked, { signal, timeoutMs });
        await this.refuseUnready(number, signal);
        return metadata;
      });
    const metadata = await persistently(described, { settings, clock, random, signal });
    this.rank = inputRank(rewardModel, spec, metadata.inputs);
    this.outputType = outputType(rewardModel, spec, metadata.outputs);
    const versions = spec.version ?? metadata.versions.join(',');
    const properties = Object.entries(metadata.properties).map(([key, value]) => [`property ${key}`, value]);
    return {
      model: metadata.name,
      ...(versions !== '' && { versions }),
      ...(metadata.platform !== '' && { platform: metadata.platform }),
      ...Object.fromEntries(properties),
    };
  }

  payload(request: ScoreRequest): Texts {
    const { spec, template } = this.options;
    if (spec.text_input !== undefined)
      return { [spec.text_input]: present(template, 'template').conversation(request) };
    const { prompt, response } = inputNames(spec);
    return { [prompt]: template?.render(request).prompt ?? request.prompt.text, [response]: request.response };
  }

  async scores(payloads: readonly Texts[], call: RemoteCall): Promise<RemoteScore[]> {
    const { settings, clock, random } = this.options;
    const { signal, beforeRepeat } = call;
    const { timeoutMs } = settings;
    const request = this.inferRequest(payloads, call);
    const pass = await this.gate.enter(0, signal);
    try {
      call.onBegin();
      const attempt = async (number: number): Promise<RemoteScore[]> => {
        if (number > 1) await pass.again(signal);
        const reply = await this.once(number, signal, () => this.client.modelInfer(request, { signal, timeoutMs }));
        return this.read(reply as InferReply, payloads.length, this.at(number));
      };
      return await persistently(attempt, { settings, clock, random, signal, beforeRepeat });
    } finally {
      pass.leave();
    }
  }

  close(): void {
    this.client.close();
    this.tls?.files.close();
  }

  /** The model, as it is asked about. */
  private get asked() {
    const { model: name, version = '' } = this.options.spec;
    return { name, version };
  }

  private inferRequest(payloads: readonly Texts[], { idempotencyKey = '' }: RemoteCall) {
    const { spec } = this.options;
    const { name: modelName, version: modelVersion } = this.asked;
    const inputs = Object.keys(present(payloads[0], 'payload')).map((name) => {
      const texts = payloads.map((payload) => present(payload[name], name));
      return textTensor(name, texts, this.rank);
    });
    return { modelName, modelVersion, id: idempotencyKey, inputs, outputs: [{ name: outputName(spec) }] };
  }

  private read(reply: InferReply, asked: number, at: RemoteAttempt): RemoteScore[] {
    const { modelVersion } = reply;
    if (modelVersion !== '') {
      this.version ??= modelVersion;
      if (modelVersion !== this.version) {
        throw new RewardRemoteChangedError(at, `version ${this.version}`, `version ${modelVersion}`);
      }
    }
    const values = numbersOf(reply, outputName(this.options.spec));
    if (typeof values === 'string') throw new RewardRemoteReplyInvalidError(at, values);
    return this.perResponse(values, asked, at);
  }

  /** One number for each response, or one of several labels. */
  private perResponse(values: readonly number[], asked: number, at: RemoteAttempt): RemoteScore[] {
    const { label } = this.options.spec;
    const labelCount = values.length / asked;
    if (!Number.isInteger(labelCount) || labelCount === 0) {
      throw new RewardRemoteReplyInvalidError(at, `expected ${asked} scores, one per response, got ${values.length}`);
    }
    if (labelCount > 1 && label === undefined) {
      const problem = `expected one score per response, or with "label" a choice among ${labelCount}, got ${values.length} for ${asked}`;
      throw new RewardRemoteReplyInvalidError(at, problem);
    }
    if ((label ?? 0) >= labelCount) {
      throw new RewardRemoteReplyInvalidError(at, `expected a label ${label}, got ${labelCount} labels per response`);
    }
    return Array.from({ length: asked }, (_, row) => present(values[row * labelCount + (label ?? 0)], 'score'));
  }

  private async once<T>(number: number, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    const { rewardModel, listener } = this.options;
    return heard(
      () => this.unheard(number, signal, ask),
      (outcome) => listener.onAttempt(rewardModel, outcome),
    );
  }

  private async unheard<T>(number: number, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (thrown) {
      if (!(thrown instanceof RemoteError)) throw thrown;
      const failure = grpcFailure(thrown, this.at(number), this.options.settings.timeoutMs);
      const mayBeUnready =
        failure instanceof RewardRemoteFailedError ||
        (failure instanceof RewardRemoteRefusedError && failure.refusal.mayBeOneOfMany === true);
      if (mayBeUnready) await this.refuseUnready(number, signal);
      throw failure;
    }
  }

  /**
   * Servers answer for a model that is not loaded as if its inputs were wrong, or as if they failed: they are asked.
   *
   * @throws RewardRemoteNotReadyError where the server says so; one that cannot tell is passed over
   */
  private async refuseUnready(number: number, signal: AbortSignal): Promise<void> {
    const { spec, settings } = this.options;
    const { timeoutMs } = settings;
    const isReady = await this.client.modelReady(this.asked, { signal, timeoutMs }).then(
      ({ ready }) => ready,
      () => true,
    );
    signal.throwIfAborted();
    if (!isReady) throw new RewardRemoteNotReadyError(this.at(number), spec.model);
  }

  private at(attempt: number): RemoteAttempt {
    const { rewardModel, spec, settings } = this.options;
    return { rewardModel, url: `grpc://${spec.address}`, attempt, attemptsMax: settings.attemptsMax };
  }
}
