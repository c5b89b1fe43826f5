/** @file What a file's own header says of its tensors' shapes: read without any check, for comparison with the readers. */

/** Compared as maps: the order of names does not count. */
export type Shapes = Map<string, readonly number[]>;

export function safetensorsShapes(bytes: Buffer): Shapes {
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE()))) as Record<
    string,
    { readonly shape: readonly number[] }
  >;
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(([name, { shape }]) => [name, shape]),
  );
}

/** Bytes of GGUF's metadata types in the order of their ids; strings and arrays are walked. */
const VALUE_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];
const STRING = 8;
const ARRAY = 9;

export function ggufShapes(bytes: Buffer): Shapes {
  let at = 8;
  const u32 = () => bytes.readUInt32LE((at += 4) - 4);
  const u64 = () => Number(bytes.readBigUInt64LE((at += 8) - 8));
  const text = () => {
    const length = u64();
    return bytes.toString('utf8', at, (at += length));
  };
  const skip = (type: number): void => {
    if (type === STRING) text();
    else if (type === ARRAY) {
      const of = u32();
      for (let count = u64(); count > 0; count--) skip(of);
    } else at += VALUE_BYTES[type] ?? 0;
  };
  const [tensorCount, entryCount] = [u64(), u64()];
  for (let entry = 0; entry < entryCount; entry++) {
    text();
    skip(u32());
  }
  return new Map(
    Array.from({ length: tensorCount }, () => {
      const name = text();
      const dims = Array.from({ length: u32() }, u64).toReversed();
      u32();
      u64();
      return [name, dims] as const;
    }),
  );
}
