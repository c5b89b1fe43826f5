/** @file `metaapo.policy.v1.PolicyAdminService` on the admin port. */
import { Controller } from '@nestjs/common';
import type {
  DropAdapterRequest__Output,
  DropAdapterResponse,
  ListAdaptersRequest__Output,
  ListAdaptersResponse,
  PutAdapterRequest__Output,
  PutAdapterResponse,
} from '#contracts/policy';
import { Rpc, type CallContext } from '#platform/rpc';
import { AdapterStore } from './adapters/adapter-store.js';

const SERVICE = 'metaapo.policy.v1.PolicyAdminService';

@Controller()
export class PolicyAdminController {
  constructor(private readonly adapters: AdapterStore) {}

  @Rpc(SERVICE, 'PutAdapter')
  putAdapter(parts: AsyncIterable<PutAdapterRequest__Output>, call: CallContext): Promise<PutAdapterResponse> {
    return this.adapters.put(parts, call);
  }

  @Rpc(SERVICE, 'DropAdapter')
  dropAdapter(request: DropAdapterRequest__Output): Promise<DropAdapterResponse> {
    return this.adapters.drop(request);
  }

  @Rpc(SERVICE, 'ListAdapters')
  listAdapters(request: ListAdaptersRequest__Output): ListAdaptersResponse {
    return this.adapters.list(request);
  }
}
