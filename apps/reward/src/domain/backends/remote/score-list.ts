/** @file Scores in a reply: as many as were asked for, each a number. */
import type { JsonReply } from '../http/http-caller.js';
import { RewardNotFiniteError } from '../../reward.errors.js';
import type { RemoteScore } from './remote-protocol.js';

/** A list of as many numbers as asked. @throws RewardRemoteReplyInvalidError */
export function scoreList(
  values: unknown,
  { asked, where, rewardModel }: { readonly asked: number; readonly where: string; readonly rewardModel: string },
  { invalid }: JsonReply,
): RemoteScore[] {
  if (!Array.isArray(values)) throw invalid(`${asked} scores as ${where}`);
  if (values.length !== asked) throw invalid(`${asked} scores as ${where}, one per response, not ${values.length}`);
  return values.map((value: unknown, index) =>
    scoreOf(value, rewardModel, () => invalid(`a number as ${where}[${index}]`)),
  );
}

/** A number; where the server wrote NaN or an infinity, the reason why there is no score. */
export function scoreOf(value: unknown, rewardModel: string, wrong: () => Error): RemoteScore {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : new RewardNotFiniteError(rewardModel, 'score', value);
  }
  if (value === null) return new RewardNotFiniteError(rewardModel, 'score', NaN);
  throw wrong();
}
