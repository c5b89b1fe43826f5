/** @file What callers ask of the lifecycle, and the checks that need no model. */
import { RequestInvalidError, type FieldProblem } from '#core';
import type { AnnotateItem } from '../annotator.js';
import { checkItems } from '../request-checks.js';
import type { RetireTarget } from './slots.js';

/** What every call that changes something says. */
export interface ChangeCommand {
  readonly rewardModel: string;
  /** Empty: a request of its own. */
  readonly requestId: string;
  readonly requester: string;
  readonly reason: string;
}

export interface StageCommand extends ChangeCommand {
  readonly specJson: string;
}

export interface ShadowCommand extends ChangeCommand {
  /** In [0, 1]; 0 stops. */
  readonly trafficFraction: number;
  readonly allowCost: boolean;
}

export interface PromoteCommand extends ChangeCommand {
  readonly expectedEpoch: number;
  readonly force: boolean;
}

export interface RollbackCommand extends ChangeCommand {
  readonly expectedEpoch: number;
}

export interface RetireCommand extends ChangeCommand {
  /** Undefined: not said, which is refused. */
  readonly target: RetireTarget | undefined;
}

export interface ReportCommand {
  readonly rewardModel: string;
  readonly items: readonly AnnotateItem[];
  readonly ignoreShadow: boolean;
  readonly allowCost: boolean;
  readonly seed: string;
  readonly disagreementCountMax: number;
}

const NAME_LENGTH_MAX = 128;
const REASON_LENGTH_MAX = 1024;
const REPORT_ITEMS_MAX = 10_000;
/** Pairs within a prompt grow with the square of its responses. */
const REPORT_ITEM_RESPONSES_MAX = 1024;
const DISAGREEMENTS_MAX = 100;

/** @throws RequestInvalidError with all problems at once */
export function checkChange(command: ChangeCommand, own: readonly (FieldProblem | undefined)[] = []): void {
  refuse([
    tooLong('request_id', command.requestId, NAME_LENGTH_MAX),
    tooLong('requester', command.requester, NAME_LENGTH_MAX),
    tooLong('reason', command.reason, REASON_LENGTH_MAX),
    ...own,
  ]);
}

/** @throws RequestInvalidError with all problems at once */
export function checkShadow(command: ShadowCommand): void {
  const { trafficFraction: fraction } = command;
  checkChange(command, [
    fraction >= 0 && fraction <= 1 ? undefined : problem('traffic_fraction', 'a number in [0, 1]', String(fraction)),
  ]);
}

/** @throws RequestInvalidError with all problems at once */
export function checkPromote(command: PromoteCommand): void {
  const { force, reason, expectedEpoch } = command;
  checkChange(command, [
    epochProblem(expectedEpoch),
    force && reason.trim() === '' ? problem('reason', 'a reason, since it is forced', 'none') : undefined,
  ]);
}

/** @throws RequestInvalidError with all problems at once */
export function checkRollback(command: RollbackCommand): void {
  checkChange(command, [epochProblem(command.expectedEpoch)]);
}

/** @throws RequestInvalidError with all problems at once */
export function checkRetire(command: RetireCommand): RetireTarget {
  const { target } = command;
  checkChange(command, [target ? undefined : problem('target', '`staged` true, or an epoch of at least 1', 'none')]);
  return target!;
}

/** @throws RequestInvalidError with all problems at once */
export function checkReport({ items, disagreementCountMax: count }: ReportCommand): void {
  const tooMany = items.length > REPORT_ITEMS_MAX;
  const longest = items.findIndex(({ responses }) => responses.length > REPORT_ITEM_RESPONSES_MAX);
  refuse([
    tooMany ? problem('items', `at most ${REPORT_ITEMS_MAX} items`, String(items.length)) : undefined,
    longest >= 0
      ? problem(
          `items[${longest}].responses`,
          `at most ${REPORT_ITEM_RESPONSES_MAX} responses`,
          String(items[longest]?.responses.length),
        )
      : undefined,
    count > DISAGREEMENTS_MAX
      ? problem('disagreement_count_max', `at most ${DISAGREEMENTS_MAX}`, String(count))
      : undefined,
  ]);
  if (items.length > 0) checkItems(items);
}

const problem = (field: string, expected: string, got: string): FieldProblem => ({
  field,
  description: `expected ${expected}, got ${got}`,
});

const tooLong = (field: string, text: string, lengthMax: number): FieldProblem | undefined =>
  text.length > lengthMax ? problem(field, `at most ${lengthMax} characters`, String(text.length)) : undefined;

const epochProblem = (epoch: number): FieldProblem | undefined =>
  epoch >= 1 ? undefined : problem('expected_epoch', 'the epoch in service, at least 1', String(epoch));

function refuse(problems: readonly (FieldProblem | undefined)[]): void {
  const found = problems.filter((one) => one !== undefined);
  if (found.length > 0) throw new RequestInvalidError(found);
}
