/** @file The meta-learner service's variables. */
import { choiceVariable, integerVariable, serviceVariables, type ConfigOf } from '#platform/config';

export const META_LEARNER_VARIABLES = {
  ...serviceVariables('META_LEARNER', { port: 50055 }),
  backend: choiceVariable({
    name: 'META_LEARNER_BACKEND',
    description:
      'TensorFlow.js backend. `auto` takes the fastest that is installed; one asked for by name must be there.',
    choices: ['auto', 'tensorflow-gpu', 'tensorflow', 'cpu'],
    default: 'auto',
  }),
  runsMax: integerVariable({
    name: 'META_LEARNER_RUNS_MAX',
    description:
      'Most runs held in memory; for one more, the run goes that was idle longest. It restores its state should it go on.',
    default: '256',
    min: 1,
  }),
  replaysMax: integerVariable({
    name: 'META_LEARNER_REPLAYS_MAX',
    description: 'Results of updates remembered per run, so that a repeated request gets its first result.',
    default: '8',
    min: 1,
  }),
  updateElementsMax: integerVariable({
    name: 'META_LEARNER_UPDATE_ELEMENTS_MAX',
    description: 'Largest buffer length times hidden width of one update; 4194304 take a second on the cpu backend.',
    default: '4194304',
    min: 1,
  }),
};

export type MetaLearnerConfig = ConfigOf<typeof META_LEARNER_VARIABLES>;
