/** @file Why an adapter that arrives is refused, besides what `#ml/adapters` refuses. */
import { AppError, type Digest } from '#core';

/** Thrown when an adapter's content is not what its digest names. Maps to INVALID_ARGUMENT. */
export class AdapterDigestMismatchError extends AppError {
  readonly code = 'ADAPTER_DIGEST_MISMATCH';
  readonly status = 'INVALID_ARGUMENT';

  constructor(
    readonly announced: Digest,
    readonly computed: Digest,
  ) {
    super(
      `Expected content with the digest ${announced}, got ${computed}: send the tensors again, or their own digest`,
      {
        facts: { announced, computed },
      },
    );
  }
}

/** Thrown for element types that the engine does not compute in. Maps to INVALID_ARGUMENT. */
export class TensorDtypeUnsupportedError extends AppError {
  readonly code = 'TENSOR_DTYPE_UNSUPPORTED';
  readonly status = 'INVALID_ARGUMENT';

  constructor(
    readonly tensorName: string,
    readonly dtype: string,
  ) {
    super(`Tensor ${tensorName}: expected DATA_TYPE_F32, got ${dtype}; convert it before sending`, {
      facts: { tensorName, dtype },
    });
  }
}

/** Thrown for a page token that no list of ours gave out. Maps to INVALID_ARGUMENT. */
export class PageTokenInvalidError extends AppError {
  readonly code = 'PAGE_TOKEN_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor() {
    super('Expected the next_page_token of an earlier response, or nothing for the first page');
  }
}
