/**
 * @file Keys and values of a decoding batch in host memory.
 *
 * Prompts: [N, K, P, D] per layer, once for all samples of a prompt. Own tokens: [S, N·R·K, D], time first, so that what
 * has been written so far is one stretch of memory and needs neither padding nor a copy. The own stretch starts with the
 * prompt's last token, which is hidden in the prompt: it may never be empty.
 *
 * Sliding layers see the tail of their own stretch, and of the prompt what is still near enough.
 */
import { assert, present } from '#core';
import type { LayerType } from '#ml/checkpoint';
import { MASKED } from '#ml/nn';
import { f32View, type RunResults, type SessionTensor } from '#ml/runtime';
import { layerNames, promptMaskName } from '../programs/decode-program.js';

export interface CacheSizes {
  readonly layerCount: number;
  readonly kvHeadCount: number;
  readonly headDim: number;
  readonly samplesPerPrompt: number;
  readonly layerTypes: readonly LayerType[];
  readonly slidingWindow: number | null;
}

/** Keys and values of one prompt. */
export interface PromptKeyValues {
  readonly tokenCount: number;
  /** Per layer: [K, length, D] each, of which the first `tokenCount` positions are real. */
  readonly layers: readonly { readonly k: Float32Array; readonly v: Float32Array }[];
  /** Positions per head in `layers`. */
  readonly length: number;
}

interface Stretch {
  readonly k: Float32Array;
  readonly v: Float32Array;
}

const CAPACITY_MIN = 16;

export class DecodeCache {
  private promptCount: number;
  private readonly promptLength: number;
  private tokenCounts: readonly number[];
  private promptMask: Float32Array;
  private prompts: Stretch[];
  private own: Stretch[];
  private ownLength = 1;
  private capacity = CAPACITY_MIN;

  constructor(
    private readonly sizes: CacheSizes,
    prompts: readonly PromptKeyValues[],
  ) {
    this.promptCount = prompts.length;
    this.promptLength = Math.max(...prompts.map(({ tokenCount }) => tokenCount));
    this.tokenCounts = prompts.map(({ tokenCount }) => tokenCount);
    this.promptMask = this.maskFrom(() => 0);
    const layers = Array.from({ length: sizes.layerCount }, (_, layer) => layer);
    this.prompts = layers.map((layer) => both((side) => this.promptStretch(prompts, layer, side)));
    this.own = layers.map((layer) => both((side) => this.firstOwn(prompts, layer, side)));
  }

  /** Views of everything, as the decode program wants them. */
  feeds(): Record<string, SessionTensor> {
    const { kvHeadCount: heads, headDim, samplesPerPrompt } = this.sizes;
    const promptDims = [this.promptCount, heads, this.promptLength, headDim];
    const ownRows = this.promptCount * samplesPerPrompt * heads;
    const feeds = this.maskFeeds();
    this.prompts.forEach((prompt, layer) => {
      const names = layerNames(layer);
      const own = present(this.own[layer], `own stretch of layer ${layer}`);
      feeds[names.promptK] = f32View(promptDims, prompt.k);
      feeds[names.promptV] = f32View(promptDims, prompt.v);
      const first = this.sizes.layerTypes[layer] === 'sliding' ? this.firstSeen() : 0;
      const seen = (data: Float32Array) => data.subarray(first * this.stepSize(), this.ownLength * this.stepSize());
      const ownDims = [this.ownLength - first, ownRows, headDim];
      feeds[names.ownK] = f32View(ownDims, seen(own.k));
      feeds[names.ownV] = f32View(ownDims, seen(own.v));
    });
    return feeds;
  }

  /** Appends what a step gave. */
  append(results: RunResults): void {
    if (this.ownLength === this.capacity) this.grow();
    const start = this.ownLength * this.stepSize();
    this.own.forEach(({ k, v }, layer) => {
      const names = layerNames(layer);
      k.set(results.f32(names.newK), start);
      v.set(results.f32(names.newV), start);
    });
    this.ownLength++;
  }

  /** Keeps some prompts, given by their present places in ascending order, with all their samples. */
  keep(places: readonly number[]): void {
    const { kvHeadCount, headDim, samplesPerPrompt } = this.sizes;
    const promptSize = kvHeadCount * this.promptLength * headDim;
    const ownSize = samplesPerPrompt * kvHeadCount * headDim;
    const oldStep = this.stepSize();
    this.promptMask = pickBlocks(this.promptMask, places, this.promptLength);
    this.tokenCounts = places.map((place) => present(this.tokenCounts[place], `prompt ${place}`));
    this.prompts = this.prompts.map(({ k, v }) => ({
      k: pickBlocks(k, places, promptSize),
      v: pickBlocks(v, places, promptSize),
    }));
    this.promptCount = places.length;
    const newStep = this.stepSize();
    const shrink = (data: Float32Array): Float32Array => {
      const kept = new Float32Array(this.capacity * newStep);
      for (let s = 0; s < this.ownLength; s++) {
        const step = data.subarray(s * oldStep, (s + 1) * oldStep);
        kept.set(pickBlocks(step, places, ownSize), s * newStep);
      }
      return kept;
    };
    this.own = this.own.map(({ k, v }) => ({ k: shrink(k), v: shrink(v) }));
  }

  /** Of the own stretch, the first token within the window of the one to come; that one counts itself. */
  private firstSeen(): number {
    const { slidingWindow } = this.sizes;
    return slidingWindow === null ? 0 : Math.max(0, this.ownLength + 1 - slidingWindow);
  }

  /** One mask per type of layer, [N, 1, 1, P]. */
  private maskFeeds(): Record<string, SessionTensor> {
    const { layerTypes, slidingWindow } = this.sizes;
    const feeds: Record<string, SessionTensor> = {};
    for (const type of new Set(layerTypes)) {
      const window = present(type === 'full' ? Infinity : slidingWindow, 'window');
      // The token to come stands at tokenCount − 1 + ownLength.
      const first = (tokenCount: number) => Math.max(0, tokenCount + this.ownLength - window);
      const mask = type === 'full' ? this.promptMask : this.maskFrom(first);
      feeds[promptMaskName(type)] = f32View([this.promptCount, 1, 1, this.promptLength], mask);
    }
    return feeds;
  }

  /** Shows each prompt from its first visible token up to the last but one. */
  private maskFrom(first: (tokenCount: number) => number): Float32Array {
    const mask = new Float32Array(this.tokenCounts.length * this.promptLength).fill(MASKED);
    this.tokenCounts.forEach((tokenCount, n) => {
      const start = n * this.promptLength;
      const end = start + tokenCount - 1;
      mask.fill(0, Math.min(start + first(tokenCount), end), end);
    });
    return mask;
  }

  /** Numbers that one step adds to each side of a layer. */
  private stepSize(): number {
    return this.promptCount * this.sizes.samplesPerPrompt * this.sizes.kvHeadCount * this.sizes.headDim;
  }

  private grow(): void {
    this.capacity *= 2;
    const larger = (data: Float32Array): Float32Array => {
      const grown = new Float32Array(this.capacity * this.stepSize());
      grown.set(data);
      return grown;
    };
    this.own = this.own.map(({ k, v }) => ({ k: larger(k), v: larger(v) }));
  }

  /** [N, K, P, D] of one layer and side. */
  private promptStretch(prompts: readonly PromptKeyValues[], layer: number, side: keyof Stretch): Float32Array {
    const { kvHeadCount, headDim } = this.sizes;
    const headSize = this.promptLength * headDim;
    const stretch = new Float32Array(prompts.length * kvHeadCount * headSize);
    prompts.forEach(({ layers, length, tokenCount }, n) => {
      const source = present(layers[layer], `layer ${layer}`)[side];
      for (let head = 0; head < kvHeadCount; head++) {
        const start = head * length * headDim;
        const real = source.subarray(start, start + tokenCount * headDim);
        stretch.set(real, (n * kvHeadCount + head) * headSize);
      }
    });
    return stretch;
  }

  /** The own stretch with the prompt's last token in it, for every sample. */
  private firstOwn(prompts: readonly PromptKeyValues[], layer: number, side: keyof Stretch): Float32Array {
    const { kvHeadCount, headDim, samplesPerPrompt } = this.sizes;
    const stretch = new Float32Array(this.capacity * this.stepSize());
    let place = 0;
    for (const { layers, length, tokenCount } of prompts) {
      const source = present(layers[layer], `layer ${layer}`)[side];
      for (let sample = 0; sample < samplesPerPrompt; sample++) {
        for (let head = 0; head < kvHeadCount; head++) {
          const start = (head * length + tokenCount - 1) * headDim;
          stretch.set(source.subarray(start, start + headDim), place);
          place += headDim;
        }
      }
    }
    assert(place === this.stepSize(), 'the first step is full');
    return stretch;
  }
}

function both(make: (side: keyof Stretch) => Float32Array): Stretch {
  return { k: make('k'), v: make('v') };
}

/** Some of equally long blocks, in the given order. */
function pickBlocks(data: Float32Array, places: readonly number[], blockSize: number): Float32Array {
  const picked = new Float32Array(places.length * blockSize);
  places.forEach((place, index) => {
    picked.set(data.subarray(place * blockSize, (place + 1) * blockSize), index * blockSize);
  });
  return picked;
}
