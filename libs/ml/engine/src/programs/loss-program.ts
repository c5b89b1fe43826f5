/**
 * @file The loss by itself: from log-probabilities of responses to its values and its slopes ∂L/∂ log π.
 *
 * With the slopes known, each response's gradient can be taken alone: ∇L = Σ_r ∂L/∂ log π_r · ∇ log π_r.
 */
import { present } from '#core';
import { backward } from '#ml/autodiff';
import { GraphBuilder, type Value } from '#ml/graph';
import { f32View, type Feeds, type OnnxSession } from '#ml/runtime';
import { ROLES, ROWS, preferenceLoss, rowValues, type LossSettings, type RowValues } from './preference-loss.js';
import type { ProgramContext } from './program-context.js';

type ByRole = RowValues['policy'];

export class LossProgram {
  private constructor(private readonly session: OnnxSession) {}

  static async create(context: ProgramContext, settings: LossSettings): Promise<LossProgram> {
    const g = GraphBuilder.create();
    const policy = ROLES.map((role) => g.input(policyName(role), 'f32', [ROWS]) as Value<'N'>);
    const loss = preferenceLoss(g, (role) => present(policy[ROLES.indexOf(role)], role), settings);
    const slopes = backward(g, loss, policy);
    ROLES.forEach((role, index) => g.output(slopeName(role), present(slopes[index], `slope of ${role}`)));
    return new LossProgram(await context.compile('loss', g));
  }

  /** `feeds` are those that `inputNames` name, without the picks. */
  async run(policy: ByRole, feeds: Feeds): Promise<{ readonly rows: RowValues; readonly slopes: ByRole }> {
    const inputs = ROLES.map((role) => [policyName(role), f32View([policy[role].length], policy[role])] as const);
    const results = await this.session.run({ ...Object.fromEntries(inputs), ...feeds });
    const slopes = Object.fromEntries(ROLES.map((role) => [role, results.f32(slopeName(role))])) as ByRole;
    return { rows: rowValues(results, policy), slopes };
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}

function policyName(role: string): string {
  return `policy.${role}`;
}

function slopeName(role: string): string {
  return `slope.${role}`;
}
