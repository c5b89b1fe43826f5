/** @file Opens a remote reward model: its template, its secret, its protocol. */
import { AppError, type Clock } from '#core';
import { RewardModelBrokenError } from '../../reward.errors.js';
import { callSettings } from '../http/call-settings.js';
import { secretOf, shownUrl, type SecretSource } from '../http/endpoint.js';
import { HttpCaller } from '../http/http-caller.js';
import type { OutwardListener } from '../http/outward-listener.js';
import { OpenInference } from './open-inference.js';
import { openrlhf } from './openrlhf.js';
import { RemoteBackend } from './remote-backend.js';
import type { RemoteProtocol } from './remote-protocol.js';
import type { RemoteSpec } from './remote-spec.js';
import { CONCATENATION, openTemplate, type RemoteTemplate } from './remote-template.js';
import { slime } from './slime.js';
import { Vllm } from './vllm.js';

export interface RemoteStartOptions {
  /** For messages. */
  readonly rewardModel: string;
  readonly spec: RemoteSpec;
  /** Longest time for one attempt where the spec names none, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for loading, in milliseconds. */
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
  readonly readSecret: SecretSource;
  /** A number in [0, 1), for the waits between attempts. */
  readonly random: () => number;
  readonly listener: OutwardListener;
}

/** @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) */
export async function startRemote(options: RemoteStartOptions): Promise<RemoteBackend> {
  const { rewardModel, spec, clock, loadTimeoutMs } = options;
  const protocol = await protocolOf(options);
  const address = spec.protocol === 'oip' ? `grpc://${spec.address}` : shownUrl(spec.url);
  return RemoteBackend.start({ rewardModel, spec, protocol, address, clock, loadTimeoutMs });
}

async function protocolOf(options: RemoteStartOptions): Promise<RemoteProtocol> {
  const { rewardModel, spec, clock, random, listener } = options;
  const settings = callSettings(spec, options);
  if (spec.protocol === 'oip') {
    const template = await templateAt(rewardModel, spec.template);
    return broken(
      rewardModel,
      () => new OpenInference({ rewardModel, spec, settings, template, clock, random, listener }),
    );
  }
  const secret = secretOf({
    rewardModel,
    variable: spec.api_key_env ?? null,
    required: true,
    header: spec.api_key_header,
    readSecret: options.readSecret,
  });
  const caller = new HttpCaller({ rewardModel, settings, secret, clock, random, listener });
  switch (spec.protocol) {
    case 'openrlhf': {
      const { template: where } = spec;
      const template = where === 'concatenate' ? CONCATENATION : await openTemplateOf(rewardModel, where);
      return openrlhf({ rewardModel, spec, template, caller });
    }
    case 'slime':
      return slime({ rewardModel, spec, template: await templateAt(rewardModel, spec.template), caller });
    case 'vllm':
      return new Vllm({ rewardModel, spec, template: await templateAt(rewardModel, spec.template), caller });
    default:
      return spec satisfies never;
  }
}

async function templateAt(rewardModel: string, dir: string | undefined): Promise<RemoteTemplate | undefined> {
  return dir === undefined ? undefined : openTemplateOf(rewardModel, dir);
}

function openTemplateOf(rewardModel: string, dir: string): Promise<RemoteTemplate> {
  return broken(rewardModel, () => openTemplate(dir));
}

/** What opening throws, as the reason why the model is broken. */
async function broken<T>(rewardModel: string, open: () => T | Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    throw new RewardModelBrokenError(rewardModel, `${thrown.code}: ${thrown.message}`);
  }
}
