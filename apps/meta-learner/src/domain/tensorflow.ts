/**
 * @file The one doorway to TensorFlow.js: picks the fastest backend that is installed and says which.
 *
 * `@tensorflow/tfjs-node-gpu` and `@tensorflow/tfjs-node` are optional peers with native code; the pure JavaScript
 * backend is always there and loads in 0.3 s.
 */
import { messageOf } from '#core';
import { TensorFlowUnavailableError } from './meta-learner.errors.js';

/** The part of TensorFlow.js that all its packages share. */
export type TensorFlow = typeof import('@tensorflow/tfjs');

/** Names as `GetMetaLearner` reports them, fastest first. */
export const BACKEND_NAMES = ['tensorflow-gpu', 'tensorflow', 'cpu'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  readonly backend: BackendName;
  /** Faster backends that were passed over, each with its reason. */
  readonly passedOver: readonly string[];
}

/** Packages with native code; named by variable, since they need not be installed when this is compiled. */
const NATIVE_PACKAGES: { readonly [Name in Exclude<BackendName, 'cpu'>]: string } = {
  'tensorflow-gpu': '@tensorflow/tfjs-node-gpu',
  tensorflow: '@tensorflow/tfjs-node',
};

const loaders: { readonly [Name in BackendName]: () => Promise<TensorFlow> } = {
  'tensorflow-gpu': () => loadNative('tensorflow-gpu'),
  tensorflow: () => loadNative('tensorflow'),
  cpu: loadPureJavaScript,
};

/**
 * Loads the backend asked for; `auto` takes the first of `BACKEND_NAMES` that loads.
 *
 * @throws TensorFlowUnavailableError when the backend asked for cannot be loaded; there is no silent replacement.
 */
export async function loadTensorFlow(choice: BackendName | 'auto' = 'auto'): Promise<LoadedTensorFlow> {
  const passedOver: string[] = [];
  for (const backend of choice === 'auto' ? BACKEND_NAMES : [choice]) {
    try {
      return { tf: await loaders[backend](), backend, passedOver };
    } catch (thrown) {
      const reason = isNotInstalled(thrown) ? 'not installed' : messageOf(thrown);
      passedOver.push(`${backend}: ${reason}`);
    }
  }
  throw new TensorFlowUnavailableError(choice, passedOver);
}

async function loadNative(name: keyof typeof NATIVE_PACKAGES): Promise<TensorFlow> {
  const packageName: string = NATIVE_PACKAGES[name];
  const loaded = (await import(packageName)) as TensorFlow;
  await loaded.ready();
  return loaded;
}

async function loadPureJavaScript(): Promise<TensorFlow> {
  const tf = await import('@tensorflow/tfjs');
  // In 4.22 this flag does one thing: it silences warnings, here the advertisement for the native packages that the CPU
  // backend prints before its first operation.
  tf.enableProdMode();
  await tf.setBackend('cpu');
  return tf;
}

function isNotInstalled(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND';
}
