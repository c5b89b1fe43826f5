/**
 * @file Reward models as a run serves them. What each setting means: `docs/backends`, and the README of the reward
 * service.
 */
import { z } from 'zod';
import { integer, oneOf, path, real, text } from './fields.js';
import { judgeReward, NO_PATH, PATH_FIELDS, remoteReward, TLS_PATH_FIELDS } from './remote-rewards.js';

const classifier = {
  path: path("a classifier's folder"),
  /** The label whose logit is the score, by name or number. Needed where there are several. */
  label: z.union([text('the name of a label'), integer(0, 1e6)], { error: 'the name or number of a label' }).optional(),
  /** What is made of the logit. Default `none`. */
  activation: oneOf('none', 'sigmoid', 'softmax').optional(),
  /** What happens to inputs beyond the window. Default `refuse`. */
  truncation: oneOf('refuse', 'left', 'right').optional(),
  /** Longest input in tokens. Default: the model's own window. */
  max_tokens: integer(1, 1e9).optional(),
  /** Threads that share one kernel, in [1, 64]. Default 1. */
  threads: integer(1, 64).optional(),
};

const singleRewards = [
  /** Sentiment by a lexicon and rules (Hutto and Gilbert 2014). */
  z.strictObject({ backend: z.literal('vader') }),
  /** Sentiment by a lexicon of 2477 words (Nielsen 2011). */
  z.strictObject({ backend: z.literal('afinn') }),
  /** Number of words or characters. */
  z.strictObject({
    backend: z.literal('length'),
    /** What is counted. Default `words`. */
    unit: oneOf('characters', 'words').optional(),
    /** The best length, in [0, 1e9]; the score is then minus the distance to it. Default none. */
    target: real({ min: 0, max: 1e9 }).optional(),
  }),
  /** A regular expression. */
  z.strictObject({
    backend: z.literal('regex'),
    /** Required. A JavaScript regular expression. */
    pattern: text('a regular expression'),
    /** Of i, m, s, u and v. Default `u`. */
    flags: text('flags of a regular expression').optional(),
    /** 1 or 0, or the number of matches. Default `match`. */
    score: oneOf('match', 'count').optional(),
  }),
  /** A JavaScript module that scores responses. */
  z.strictObject({
    backend: z.literal('module'),
    path: path('a JavaScript module'),
    /** Most heap, and most buffers beside it, in MiB. Default 512. */
    memory_mib: integer(32, 2 ** 20).optional(),
  }),
  /** A language model with a classification head. */
  z.strictObject({ backend: z.literal('lm-classifier'), ...classifier }),
  /** A classifier exported to ONNX. */
  z.strictObject({
    backend: z.literal('onnx-classifier'),
    ...classifier,
    /** The .onnx file within the folder. Default `model.onnx`. */
    file: text('the name of an .onnx file').optional(),
    /** Prompt and response as a pair, or as a rendered chat. Default `pair`. */
    input: oneOf('pair', 'chat').optional(),
    /** The output with the logits. Default `logits`, or the only one. */
    output: text('the name of an output').optional(),
  }),
  judgeReward,
  remoteReward,
] as const;

const ensembleMember = z.strictObject({
  /** Required. Names the member's own score. */
  name: text('a name'),
  /** Required. Any reward model but an ensemble. */
  model: z.discriminatedUnion('backend', singleRewards, { error: 'a reward model that is no ensemble' }),
  /** Weight in `weighted_sum`. Default 1. */
  weight: real({ min: -1e9, max: 1e9 }).optional(),
  /** Mean of the member's scores. Default 0. */
  mean: real({ min: -1e9, max: 1e9 }).optional(),
  /** Deviation of the member's scores, above 0. Default 1. */
  std: real({ min: 0, minOpen: true }).optional(),
});

/** A reward model that `metaapo run` serves. Has no effect when a reward service's address is given. */
export const rewardBackend = z.discriminatedUnion(
  'backend',
  [
    ...singleRewards,
    /** Several reward models as one. */
    z.strictObject({
      backend: z.literal('ensemble'),
      members: z
        .array(ensembleMember, { error: 'a list of members' })
        .min(1, { error: 'at least one member' })
        .refine((members) => new Set(members.map(({ name }) => name)).size === members.length, {
          error: 'members with names once each',
        }),
      /** How standardised scores become one. Default `weighted_sum`. */
      combine: oneOf('weighted_sum', 'minimum', 'mean_minus_std').optional(),
      /** λ of `mean_minus_std`, in [0, ∞). Default 1. */
      lambda: real({ min: 0 }).optional(),
    }),
  ],
  {
    error:
      'a mapping with backend: vader, afinn, length, regex, module, lm-classifier, onnx-classifier, llm-judge, remote or ensemble, and what it takes',
  },
);

export type RewardBackend = z.output<typeof rewardBackend>;

/** The same reward model with every path of it, and of an ensemble's members, put through `change`. */
export function withRewardPaths(reward: RewardBackend, change: (path: string) => string): RewardBackend {
  if (reward.backend !== 'ensemble') return withOwnPath(reward, change);
  const members = reward.members.map((member) => ({ ...member, model: withOwnPath(member.model, change) }));
  return { ...reward, members };
}

function withOwnPath<Reward extends object>(reward: Reward, change: (path: string) => string): Reward {
  const moved = withPaths(reward, PATH_FIELDS, change);
  if (!('tls' in moved)) return moved;
  return { ...moved, tls: withPaths(moved.tls as object, TLS_PATH_FIELDS, change) };
}

function withPaths<Fields extends object>(
  fields: Fields,
  paths: readonly string[],
  change: (path: string) => string,
): Fields {
  const moved = Object.entries(fields).map(([field, value]: [string, unknown]) => {
    const isPath = paths.includes(field) && typeof value === 'string' && value !== NO_PATH;
    return [field, isPath ? change(value) : value] as const;
  });
  return Object.fromEntries(moved) as Fields;
}
