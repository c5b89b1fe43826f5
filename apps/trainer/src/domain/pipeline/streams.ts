/** @file Small steps between stages: lists as streams, streams as lists, groups of fixed size. */

export async function* streamOf<T>(items: Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* items;
}

export async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** Groups of `size` in order, each as soon as it is full; the last may be smaller. The same groups as `chunked` makes. */
export async function* grouped<T>(source: AsyncIterable<T>, size: number): AsyncGenerator<T[], void, undefined> {
  let group: T[] = [];
  for await (const item of source) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Each item with whether it is the last one; so each waits for the next. */
export async function* lastMarked<T>(
  source: AsyncIterable<T>,
): AsyncGenerator<{ readonly item: T; readonly isLast: boolean }, void, undefined> {
  let previous: { readonly item: T } | undefined;
  for await (const item of source) {
    if (previous) yield { ...previous, isLast: false };
    previous = { item };
  }
  if (previous) yield { ...previous, isLast: true };
}
