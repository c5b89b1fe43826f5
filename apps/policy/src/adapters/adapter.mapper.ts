/** @file Adapters on the wire. */
import type { Adapter, AdapterKind } from '#contracts/policy';
import type { ResidentAdapter } from '#ml/engine';

const KINDS: { readonly [K in ResidentAdapter['kind']]: AdapterKind } = {
  lora: 'ADAPTER_KIND_LORA',
  full: 'ADAPTER_KIND_FULL',
};

export function toAdapter({ digest, kind, residentBytes, parameterCount }: ResidentAdapter): Adapter {
  return { digest, kind: KINDS[kind], residentBytes, parameterCount };
}
