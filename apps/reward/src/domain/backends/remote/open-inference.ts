/**
 * @file The Open Inference Protocol over gRPC (KServe, Triton, and this service's own façade): texts in as BYTES, one
 * number for each out as FP32 or FP64.
 *
 * Source: kserve/open-inference-protocol, `open_inference_grpc.proto`.
 */
import { present, type Clock } from '#core';
import { createRpcClient, RemoteError, TlsFiles, type ClientTls } from '#platform/rpc';
import type { ScoreRequest } from '../../reward-backend.js';
import { RewardModelBrokenError } from '../../reward.errors.js';
import { heard, persistently } from '../http/attempts.js';
import type { CallSettings } from '../http/call-settings.js';
import { Gate } from '../http/gate.js';
import type { OutwardListener } from '../http/outward-listener.js';
import { RewardRemoteChangedError, RewardRemoteReplyInvalidError, type RemoteAttempt } from '../http/remote.errors.js';
import { grpcFailure } from './grpc-failure.js';
import { FLOAT_TYPES, isFloatType, numbersOf, textTensor, type OutputTensor } from './oip-tensors.js';
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
interface InferReply {
  readonly modelVersion: string;
  readonly outputs: readonly OutputTensor[];
  readonly rawOutputContents: readonly Uint8Array[];
}

interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly string[];
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

  constructor(private readonly options: OpenInferenceOptions) {
    const { spec, settings, template, clock } = options;
    this.tls = tlsOf(spec);
    this.client = createRpcClient('inference.GRPCInferenceService', spec.address, { tls: this.tls });
    this.gate = new Gate(settings, clock);
    this.batchSize = spec.batch_size ?? 16;
    this.templateDigest = template?.digest;
    this.version = spec.version;
    const { address, model, version, revision, label } = spec;
    this.facts = { address, model, version, revision, label, inputs: inputNames(spec), output: this.outputName };
  }

  get dtype(): string {
    return this.outputType;
  }

  /** @throws RewardModelBrokenError where the model has other tensors than those that are configured */
  async identify(signal: AbortSignal): Promise<RemoteIdentity> {
    const { spec } = this.options;
    const asked = { name: spec.model, version: spec.version ?? '' };
    const metadata = await this.patiently(signal, (timeoutMs) =>
      this.client.modelMetadata(asked, { signal, timeoutMs }),
    );
    this.rank = this.rankOf(metadata.inputs);
    this.outputType = this.outputTypeOf(metadata.outputs);
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
    const { spec, settings, clock, random } = this.options;
    const names = Object.keys(present(payloads[0], 'payload'));
    const request = {
      modelName: spec.model,
      modelVersion: spec.version ?? '',
      id: call.idempotencyKey ?? '',
      inputs: names.map((name) =>
        textTensor(
          name,
          payloads.map((texts) => present(texts[name], name)),
          this.rank,
        ),
      ),
      outputs: [{ name: this.outputName }],
    };
    const { signal, beforeRepeat } = call;
    const pass = await this.gate.enter(0, signal);
    try {
      call.onBegin();
      const attempt = async (number: number): Promise<RemoteScore[]> => {
        if (number > 1) await pass.again(signal);
        const reply = await this.once(number, () =>
          this.client.modelInfer(request, { signal, timeoutMs: settings.timeoutMs }),
        );
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

  private get outputName(): string {
    return this.options.spec.output ?? 'score';
  }

  private read(reply: InferReply, asked: number, at: RemoteAttempt): RemoteScore[] {
    const { modelVersion, outputs, rawOutputContents } = reply;
    if (modelVersion !== '') {
      this.version ??= modelVersion;
      if (modelVersion !== this.version) {
        throw new RewardRemoteChangedError(at, `version ${this.version}`, `version ${modelVersion}`);
      }
    }
    const name = this.outputName;
    const place = outputs.findIndex((output) => output.name === name);
    const output = outputs[place];
    if (!output) {
      const got = outputs.map((one) => one.name).join(', ') || 'none';
      throw new RewardRemoteReplyInvalidError(at, `expected an output ${name}, got ${got}`);
    }
    const values = numbersOf(output, rawOutputContents[place]);
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

  private rankOf(inputs: readonly TensorMetadata[]): 1 | 2 {
    const { spec, rewardModel } = this.options;
    const ranks = Object.values(inputNames(spec)).map((name) => {
      const input = inputs.find((one) => one.name === name);
      // Some servers describe nothing; then the first reply tells.
      if (!input) return inputs.length === 0 ? 1 : 0;
      return input.datatype === 'BYTES' ? input.shape.length : 0;
    });
    const [rank] = ranks;
    if (ranks.every((one) => one === rank) && (rank === 1 || rank === 2)) return rank;
    const expected = Object.values(inputNames(spec)).join(', ');
    const got = inputs.map(({ name, datatype, shape }) => `${name} ${datatype}[${shape.join(', ')}]`).join('; ');
    throw new RewardModelBrokenError(
      rewardModel,
      `expected ${spec.model} to have the inputs ${expected} as BYTES of one or two axes, it has ${got || 'none'}; see "prompt_input", "response_input", "text_input"`,
    );
  }

  private outputTypeOf(outputs: readonly TensorMetadata[]): string {
    const { spec, rewardModel } = this.options;
    const output = outputs.find(({ name }) => name === this.outputName);
    if (output && isFloatType(output.datatype)) return FLOAT_TYPES[output.datatype].dtype;
    if (outputs.length === 0) return 'unknown';
    const got = outputs.map(({ name, datatype }) => `${name} ${datatype}`).join(', ');
    throw new RewardModelBrokenError(
      rewardModel,
      `expected ${spec.model} to have the output ${this.outputName} as FP32 or FP64, it has ${got}; see "output"`,
    );
  }

  private async patiently<T>(signal: AbortSignal, ask: (timeoutMs: number) => Promise<T>): Promise<T> {
    const { settings, clock, random } = this.options;
    const attempt = (number: number): Promise<T> => this.once(number, () => ask(settings.timeoutMs));
    return persistently(attempt, { settings, clock, random, signal });
  }

  private async once<T>(number: number, ask: () => Promise<T>): Promise<T> {
    const { rewardModel, listener } = this.options;
    return heard(
      () => this.unheard(number, ask),
      (outcome) => listener.onAttempt(rewardModel, outcome),
    );
  }

  private async unheard<T>(number: number, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (thrown) {
      throw thrown instanceof RemoteError
        ? grpcFailure(thrown, this.at(number), this.options.settings.timeoutMs)
        : thrown;
    }
  }

  private at(attempt: number): RemoteAttempt {
    const { rewardModel, spec, settings } = this.options;
    return { rewardModel, url: `grpc://${spec.address}`, attempt, attemptsMax: settings.attemptsMax };
  }
}

/** @throws AppError naming a file that cannot be used */
function tlsOf({ tls }: OipSpec): ClientTls | undefined {
  if (!tls) return undefined;
  const files = TlsFiles.open({ caPath: tls.ca, certPath: tls.cert, keyPath: tls.key });
  return { files, ...(tls.server_name !== undefined && { serverName: tls.server_name }) };
}

/** The inputs that are filled: one with everything, or one with each text. */
function inputNames({ prompt_input, response_input, text_input }: OipSpec): Readonly<Record<string, string>> & {
  readonly prompt: string;
  readonly response: string;
} {
  if (text_input !== undefined) return { prompt: text_input, response: text_input };
  return { prompt: prompt_input ?? 'prompt', response: response_input ?? 'response' };
}
