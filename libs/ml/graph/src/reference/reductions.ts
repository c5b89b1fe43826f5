/** @file Reductions, normalisations and selections, as their definitions read. */
import { present } from '#core';
import { at, build, integersOf, type HostArray } from './host-array.js';
import { axisOf, input, number, type Kernel } from './kernel.js';

/** Folds all elements along the axes that input 1 lists. */
export function reduce(fold: (elements: readonly number[]) => number): Kernel {
  return (inputs, node) => {
    const x = input(inputs, 0, node);
    const axes = integersOf(input(inputs, 1, node));
    const groups = new Map<string, number[]>();
    const kept = x.dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
    build(x.dims, (index) => {
      const key = index.map((where, axis) => (axes.includes(axis) ? 0 : where)).join(',');
      const group = groups.get(key);
      if (group) group.push(at(x, index));
      else groups.set(key, [at(x, index)]);
      return 0;
    });
    const { data } = build(kept, (index) => fold(groups.get(index.join(',')) ?? []));
    const dims = number(node, 'keepdims') === 1 ? kept : x.dims.filter((_, axis) => !axes.includes(axis));
    return [{ dims, data }];
  };
}

export const total = (elements: readonly number[]): number => elements.reduce((sum, element) => sum + element, 0);

/** x − log Σ eˣ along the last axis, the largest element taken out first. */
export const logSoftmax: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  return [
    mapRows(x, (row) => {
      const largest = Math.max(...row);
      const logSum = largest + Math.log(total(row.map((element) => Math.exp(element - largest))));
      return row.map((element) => element - logSum);
    }),
  ];
};

export const softmax: Kernel = (inputs, node) => {
  const [logs] = logSoftmax(inputs, node);
  const { dims, data } = present(logs, 'log-softmax');
  return [{ dims, data: data.map(Math.exp) }];
};

/** Sums along one axis of all elements before each one, itself in- or excluded. */
export const cumSum: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const axis = axisOf(node, x.dims.length);
  const [exclusive, reverse] = [number(node, 'exclusive') === 1, number(node, 'reverse') === 1];
  const size = present(x.dims[axis], 'axis');
  return [
    build(x.dims, (index) => {
      const here = present(index[axis], 'index');
      const from = reverse ? here + Number(exclusive) : 0;
      const end = reverse ? size : here + Number(!exclusive);
      return total(Array.from({ length: end - from }, (_, offset) => at(x, index.with(axis, from + offset))));
    }),
  ];
};

export const argMax: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const axis = axisOf(node, x.dims.length);
  const kept = x.dims.with(axis, 1);
  const { data } = build(kept, (index) => {
    const line = Array.from({ length: x.dims[axis]! }, (_, where) => at(x, index.with(axis, where)));
    return line.indexOf(Math.max(...line));
  });
  return [{ dims: number(node, 'keepdims') === 1 ? kept : x.dims.toSpliced(axis, 1), data }];
};

export const topK: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const [count = 0] = integersOf(input(inputs, 1, node));
  const orders = rowsOf(x).map((row) => {
    const order = row.map((_, index) => index).toSorted((a, b) => row[b]! - row[a]! || a - b);
    return order.slice(0, count);
  });
  const dims = x.dims.with(-1, count);
  const values = rowsOf(x).flatMap((row, index) => orders[index]!.map((where) => row[where]!));
  return [
    { dims, data: Float64Array.from(values) },
    { dims, data: Float64Array.from(orders.flat()) },
  ];
};

/** y = x·r∘w with r = 1/√(mean(x²) + ε). */
export const rmsNorm: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const weight = input(inputs, 1, node);
  const epsilon = number(node, 'epsilon');
  return [
    mapRows(x, (row) => {
      const inverse = 1 / Math.sqrt(total(row.map((element) => element * element)) / row.length + epsilon);
      return row.map((element, column) => element * inverse * weight.data[column]!);
    }),
  ];
};

/** The same of x + skip; outputs 1 and 2 are never asked for, output 3 is the sum. */
export const skipRmsNorm: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const skip = input(inputs, 1, node);
  const sum: HostArray = { dims: x.dims, data: x.data.map((value, position) => value + skip.data[position]!) };
  const y = present(rmsNorm([sum, input(inputs, 2, node)], node)[0], 'y');
  return [y, sum, sum, sum];
};

function rowsOf({ dims, data }: HostArray): number[][] {
  const width = dims.at(-1)!;
  return Array.from({ length: data.length / width }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);
}

function mapRows(x: HostArray, f: (row: readonly number[]) => readonly number[]): HostArray {
  return { dims: x.dims, data: Float64Array.from(rowsOf(x).flatMap((row) => [...f(row)])) };
}
