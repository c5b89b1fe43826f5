/** @file The meta-learner's own classes, started at given parameters, as several kinds of cases need them. */
import {
  DEFAULT_SETTINGS,
  MetaLearner,
  PARAMETER_NAMES,
  initialState,
  loadTensorFlow,
  mapPhi,
  type MetaBuffer,
  type Phi,
} from '../../apps/meta-learner/src/domain/index.js';
import type { Numbers } from './measurement.js';

export { PARAMETER_NAMES, type MetaBuffer, type MetaLearner };

/** A learner with fresh moments at these parameters. */
export async function loadMetaLearner(parameters: Phi): Promise<MetaLearner> {
  const { tf } = await loadTensorFlow('cpu');
  return new MetaLearner(tf, { ...initialState(DEFAULT_SETTINGS), parameters });
}

export function phiFrom(read: (name: string) => Numbers): Phi {
  return mapPhi((name) => Float32Array.from(read(name)));
}

/** Columns under the names that the cases use. */
export function bufferOf(read: (name: 's' | 'ell_off' | 'ell_on') => Numbers): MetaBuffer {
  const column = (name: 's' | 'ell_off' | 'ell_on') => Float32Array.from(read(name));
  return { scores: column('s'), ellOff: column('ell_off'), ellOn: column('ell_on') };
}
