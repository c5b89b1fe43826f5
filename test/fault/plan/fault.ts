/** @file What can be done to a run, and when. */
import type { ErringAnswer } from '../rig/erring-server.js';
import type { LinkName, ServiceName } from '../rig/rig.js';

export type ProcessName = ServiceName | 'trainer';

/** When a fault strikes, as a share in [0, 1) of what an undisturbed run has. */
export type Instant =
  /** Units of work that the trainer told of. */
  | { readonly kind: 'units'; readonly share: number }
  | { readonly kind: 'time'; readonly share: number }
  /** Pieces of answers on a link: the piece itself is still on its way to the trainer. */
  | { readonly kind: 'answers'; readonly link: LinkName; readonly share: number };

/** Where a kill leaves the run's files torn. */
export type TornFile = 'log' | 'database' | 'artifact' | 'record';

export type Fault =
  /** kill −9, all at once; services are started anew after a while, or not before the run has ended. */
  | { readonly kind: 'kill'; readonly victims: readonly ProcessName[]; readonly downMs: number | 'for good' }
  /** SIGTERM to the trainer, as an orderly node gives. */
  | { readonly kind: 'terminate' }
  /** SIGSTOP, and SIGCONT later, or not before the run has ended: a process that hangs. */
  | { readonly kind: 'freeze'; readonly victim: ProcessName; readonly forMs: number | 'for good' }
  /** RST on every connection of a link. */
  | { readonly kind: 'reset'; readonly link: LinkName }
  /** Nothing passes either way; `old`: over the connections there are, while new ones work, until the run has ended. */
  | { readonly kind: 'blackhole'; readonly link: LinkName; readonly reach: 'all' | 'old'; readonly forMs: number }
  | { readonly kind: 'slow'; readonly link: LinkName; readonly delayMs: number; readonly forMs: number }
  /** The annotator takes its time between bill and answer. */
  | { readonly kind: 'slow-annotator'; readonly delayMs: number; readonly forMs: number }
  /** The service answers every call with this error. */
  | {
      readonly kind: 'erring';
      readonly link: LinkName;
      readonly answer: ErringAnswer;
      readonly forMs: number;
    }
  /** No room but this in the file system of the run directory. */
  | { readonly kind: 'disk-full'; readonly roomKiB: number }
  /** kill −9 of the trainer, and a file that lost its end or a bit of it. */
  | {
      readonly kind: 'torn';
      readonly file: TornFile;
      readonly damage: 'truncated' | 'flipped';
      /** Where, as a share of the file's last part. */
      readonly share: number;
    }
  /** A second trainer is told to work on the run directory. */
  | { readonly kind: 'intruder' };

export interface Strike {
  readonly at: Instant;
  readonly fault: Fault;
}

/** Everything that happens to one run. */
export interface FaultPlan {
  readonly seed: number;
  /** With the seed, it names the plan. */
  readonly index: number;
  readonly strikes: readonly Strike[];
}

export function planText({ strikes }: FaultPlan): string {
  return strikes.map(({ at, fault }) => `${faultText(fault)} at ${instantText(at)}`).join(', then ');
}

function instantText(at: Instant): string {
  const share = `${(100 * at.share).toFixed(0)} %`;
  return at.kind === 'answers' ? `${share} of the answers of ${at.link}` : `${share} of the ${at.kind}`;
}

function faultText(fault: Fault): string {
  const { kind, ...rest } = fault;
  const settings = Object.entries(rest).map(
    ([name, value]) => `${name} ${Array.isArray(value) ? value.join('+') : value}`,
  );
  return [kind, ...settings].join(' ');
}
