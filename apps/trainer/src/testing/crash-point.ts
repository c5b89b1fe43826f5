/**
 * @file The moment at which a toy process dies: somewhere among the calls that a run makes of its storage and services.
 * From then on nothing it asks for is done or heard of. For specs.
 */
import type { RunDirectory } from '../domain/run/run-directory.js';
import type { RunServices } from '../domain/run/active-run.js';

/** No failure by name: what a dead process would have seen, it never sees. */
export class CrashedError extends TypeError {
  override readonly name = 'CrashedError';
}

/** `before`: the call is not made. `after`: it is made, and its answer is never heard. */
export type CrashSide = 'before' | 'after';

/** Members of ports that are no calls. */
const LOCAL: ReadonlySet<string | symbol> = new Set(['replicas']);

export class CrashPoint {
  /** Calls so far, by name; `journal.commit` for instance. */
  readonly calls: string[] = [];
  private hasCrashed = false;

  constructor(
    private readonly isHere: (call: string, index: number) => boolean = () => false,
    private readonly side: CrashSide = 'before',
  ) {}

  /** The run directory with ports that crash here. */
  directory(directory: RunDirectory): RunDirectory {
    const { journal, ledger, artifacts } = directory;
    return {
      ...directory,
      journal: this.port('journal', journal),
      ledger: this.port('ledger', ledger),
      artifacts: this.port('artifacts', artifacts),
    };
  }

  /** Services whose calls crash here. */
  services({ policy, reward, metaLearnerOf, close }: RunServices): RunServices {
    return {
      policy: this.port('policy', policy),
      reward: this.port('reward', reward),
      metaLearnerOf: (runId) => this.port('meta-learner', metaLearnerOf(runId)),
      close,
    };
  }

  private port<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== 'function') return member;
        // What is known here, and asks nobody.
        if (LOCAL.has(property)) return member.bind(target) as unknown;
        return (...values: unknown[]): Promise<unknown> =>
          this.around(`${name}.${String(property)}`, async () => await (member.apply(target, values) as unknown));
      },
    });
  }

  private async around<T>(call: string, work: () => Promise<T>): Promise<T> {
    if (this.hasCrashed) throw new CrashedError(call);
    const isHere = this.isHere(call, this.calls.push(call) - 1);
    if (isHere && this.side === 'before') this.hasCrashed = true;
    if (this.hasCrashed) throw new CrashedError(call);
    // Nobody hears of a refusal either.
    const [outcome] = await Promise.allSettled([work()]);
    this.hasCrashed ||= isHere;
    if (this.hasCrashed) throw new CrashedError(call);
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }
}
