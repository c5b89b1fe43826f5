/**
 * @file How a process that computes gradients wants its memory allocator, as environment variables it must be started with.
 *
 * A gradient takes and gives back gigabytes in pieces of megabytes. glibc would hand each large piece to the kernel and
 * fetch it again, page by page, as zeros, and would hold a pool per thread. One pool that keeps what it has is faster by
 * what the kernel no longer does. Other allocators ignore the names.
 */

/** For glibc 2.26 and later; values in bytes. */
export const allocatorEnvironment: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: String(4 * 2 ** 30),
  MALLOC_TOP_PAD_: String(64 * 2 ** 20),
  MALLOC_TRIM_THRESHOLD_: String(1.5 * 2 ** 30),
};
