/** @file What two configurations differ in, for people: "seed: 1 → 2". */

/** Most differences that are named. */
const DIFFERENCES_MAX = 5;
const VALUE_LENGTH_MAX = 40;

export function configDifferences(was: object, is: object): readonly string[] {
  const [before, after] = [new Map(leaves(was)), new Map(leaves(is))];
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
  const named = paths.slice(0, DIFFERENCES_MAX).map((path) => {
    return `${path}: ${shown(before.get(path))} → ${shown(after.get(path))}`;
  });
  return paths.length > DIFFERENCES_MAX ? [...named, `and ${paths.length - DIFFERENCES_MAX} more`] : named;
}

/** Paths of all values that are no mappings; lists count as one value. */
function leaves(tree: object, prefix = ''): [path: string, json: string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) => {
    const path = `${prefix}${key}`;
    const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isMapping ? leaves(value, `${path}.`) : [[path, JSON.stringify(value)] as [string, string]];
  });
}

function shown(json: string | undefined): string {
  if (json === undefined) return 'nothing';
  return json.length > VALUE_LENGTH_MAX ? `${json.slice(0, VALUE_LENGTH_MAX)}…` : json;
}
