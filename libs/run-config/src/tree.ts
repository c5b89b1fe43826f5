/** @file Plain trees of configuration: reading, setting and merging by path. */

/** A mapping as YAML gives it. */
export type Tree = Record<string, unknown>;

export type TreePath = readonly (string | number)[];

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path; undefined where there is none. */
export function valueAt(tree: unknown, path: TreePath): unknown {
  let value = tree;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** Sets the value at a path in place, making mappings on the way. False when something else is in the way. */
export function setAt(tree: Tree, path: readonly string[], value: unknown): boolean {
  let node = tree;
  for (const key of path.slice(0, -1)) {
    // What every object inherits is no part of the tree, least of all a place to write to.
    const held = Object.hasOwn(node, key) ? node[key] : undefined;
    if (held === undefined || held === null) defineKey(node, key, {});
    const next = node[key];
    if (!isTree(next)) return false;
    node = next;
  }
  defineKey(node, path.at(-1) ?? '', value);
  return true;
}

/** As an assignment, but safe for keys such as `__proto__`. */
function defineKey(node: Tree, key: string, value: unknown): void {
  Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Removes the value at a path in place. */
export function removeAt(tree: unknown, path: TreePath): void {
  const parent = valueAt(tree, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof parent === 'object' && parent !== null && key !== undefined) {
    delete (parent as Record<string | number, unknown>)[key];
  }
}

/** `upper` over `lower`, mappings merged key by key, everything else replaced. */
export function merged(lower: unknown, upper: unknown): unknown {
  if (upper === undefined) return structuredClone(lower);
  if (!isTree(lower) || !isTree(upper)) return structuredClone(upper);
  const result: Tree = {};
  for (const key of new Set([...Object.keys(lower), ...Object.keys(upper)])) {
    defineKey(result, key, merged(valueAt(lower, [key]), valueAt(upper, [key])));
  }
  return result;
}
