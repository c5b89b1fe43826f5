/** @file Opens a remote reward model: its template, its secret, its protocol. */
import { AppError } from '#core';
import { RewardModelBrokenError } from '../../reward.errors.js';
import { callSettings } from '../http/call-settings.js';
import { tlsClient } from '../http/client-tls.js';
import { secretOf, shownUrl } from '../http/endpoint.js';
import { HttpCaller } from '../http/http-caller.js';
import type { OutwardStart } from '../http/outward-start.js';
import { OpenInference } from './open-inference.js';
import { openrlhf } from './openrlhf.js';
import { RemoteBackend } from './remote-backend.js';
import type { RemoteProtocol } from './remote-protocol.js';
import type { RemoteSpec } from './remote-spec.js';
import { CONCATENATION, openTemplate, type RemoteTemplate } from './remote-template.js';
import { slime } from './slime.js';
import { Vllm } from './vllm.js';

/** @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) */
export async function startRemote(options: OutwardStart<RemoteSpec>): Promise<RemoteBackend> {
  const { rewardModel, spec, clock, loadTimeoutMs } = options;
  const protocol = await protocolOf(options);
  const address = spec.protocol === 'oip' ? `grpc://${spec.address}` : shownUrl(spec.url);
  return RemoteBackend.start({ rewardModel, spec, protocol, address, clock, loadTimeoutMs });
}

async function protocolOf(options: OutwardStart<RemoteSpec>): Promise<RemoteProtocol> {
  const { rewardModel, spec, clock, random, listener } = options;
  if (spec.protocol === 'oip') {
    const settings = callSettings(spec, options);
    const template = await templateAt(rewardModel, spec.template);
    return new OpenInference({ rewardModel, spec, settings, template, clock, random, listener });
  }
  switch (spec.protocol) {
    case 'openrlhf': {
      const { template: where } = spec;
      const template = where === 'concatenate' ? CONCATENATION : await openTemplateOf(rewardModel, where);
      return openrlhf({ rewardModel, spec, template, caller: callerOf(options, spec) });
    }
    case 'slime': {
      const template = await templateAt(rewardModel, spec.template);
      return slime({ rewardModel, spec, template, caller: callerOf(options, spec) });
    }
    case 'vllm': {
      const template = await templateAt(rewardModel, spec.template);
      return new Vllm({ rewardModel, spec, template, caller: callerOf(options, spec) });
    }
    default:
      return spec satisfies never;
  }
}

/** Last of what is opened, since it holds connections. */
function callerOf(options: OutwardStart<RemoteSpec>, spec: Exclude<RemoteSpec, { protocol: 'oip' }>): HttpCaller {
  const { rewardModel, clock, random, listener, readSecret } = options;
  const settings = callSettings(spec, options);
  const { api_key_env: variable = null, api_key_header: header, tls } = spec;
  const secret = secretOf({ rewardModel, variable, required: true, header, readSecret });
  return new HttpCaller({
    rewardModel,
    settings,
    secret,
    client: tlsClient(rewardModel, tls),
    clock,
    random,
    listener,
  });
}

async function templateAt(rewardModel: string, dir: string | undefined): Promise<RemoteTemplate | undefined> {
  return dir === undefined ? undefined : openTemplateOf(rewardModel, dir);
}

async function openTemplateOf(rewardModel: string, dir: string): Promise<RemoteTemplate> {
  try {
    return await openTemplate(dir);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    throw new RewardModelBrokenError(rewardModel, `${thrown.code}: ${thrown.message}`);
  }
}
