// From proto/metaapo/policy/v1/policy.proto

/**
 * Says how an adapter's tensors change the base.
 */
export const AdapterKind = {
  /**
   * Not given; rejected.
   */
  ADAPTER_KIND_UNSPECIFIED: 'ADAPTER_KIND_UNSPECIFIED',
  /**
   * Low-rank updates of linear layers, named as PEFT names them.
   */
  ADAPTER_KIND_LORA: 'ADAPTER_KIND_LORA',
  /**
   * All trainable tensors of the model, named as in its safetensors file: full-parameter training.
   */
  ADAPTER_KIND_FULL: 'ADAPTER_KIND_FULL',
} as const;

/**
 * Says how an adapter's tensors change the base.
 */
export type AdapterKind =
  /**
   * Not given; rejected.
   */
  | 'ADAPTER_KIND_UNSPECIFIED'
  | 0
  /**
   * Low-rank updates of linear layers, named as PEFT names them.
   */
  | 'ADAPTER_KIND_LORA'
  | 1
  /**
   * All trainable tensors of the model, named as in its safetensors file: full-parameter training.
   */
  | 'ADAPTER_KIND_FULL'
  | 2

/**
 * Says how an adapter's tensors change the base.
 */
export type AdapterKind__Output = typeof AdapterKind[keyof typeof AdapterKind]
