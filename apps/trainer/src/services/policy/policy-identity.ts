/** @file What all policy replicas of a run have in common; the first one to answer says it, the others are held to it. */
import type { GetPolicyResponse__Output } from '#contracts/policy';
import type { PolicyDescription } from '../../domain/ports/policy-port.js';
import { ReplicaMismatchError } from '../replicas/replicas.errors.js';

const ALIKE = [
  ['base_digest', ({ baseDigest }: GetPolicyResponse__Output) => baseDigest],
  ['tokenizer_digest', ({ tokenizerDigest }: GetPolicyResponse__Output) => tokenizerDigest],
  ['chat_template_digest', ({ chatTemplateDigest }: GetPolicyResponse__Output) => chatTemplateDigest],
  ['decode_precision', ({ decodePrecision }: GetPolicyResponse__Output) => decodePrecision],
] as const;

const LIMITS = [
  ['limits.unit_items_max', ({ limits }: GetPolicyResponse__Output) => limits?.unitItemsMax ?? 0],
  ['limits.samples_per_prompt_max', ({ limits }: GetPolicyResponse__Output) => limits?.samplesPerPromptMax ?? 0],
] as const;

export class PolicyIdentity {
  private first: { readonly address: string; readonly reply: GetPolicyResponse__Output } | undefined;
  private readonly replies: GetPolicyResponse__Output[] = [];
  /** Set once the run's units are made to fit. */
  private promised: PolicyDescription | undefined;

  /** @throws ReplicaMismatchError */
  check(address: string, reply: GetPolicyResponse__Output): void {
    this.first ??= { address, reply };
    const expectedOf = (what: string, expected: string, got: string): void => {
      if (expected === got) return;
      const as = this.first?.address ?? '';
      throw new ReplicaMismatchError({ service: 'policy', replica: address, what, expected, got, as });
    };
    for (const [what, digestOf] of ALIKE) expectedOf(what, digestOf(this.first.reply), digestOf(reply));
    if (this.promised) {
      const { unitItemsMax, samplesPerPromptMax } = this.promised;
      const leasts = [unitItemsMax, samplesPerPromptMax];
      LIMITS.forEach(([what, limitOf], index) => {
        const least = leasts[index]!;
        if (limitOf(reply) < least) expectedOf(what, `at least ${least}`, String(limitOf(reply)));
      });
    }
    this.replies.push(reply);
  }

  /** Of the replicas that have answered so far. From now on no replica may offer less. */
  describe(): PolicyDescription {
    const [reply] = this.replies;
    if (!reply) throw new TypeError('described before any replica has answered');
    const [unitItemsMax, samplesPerPromptMax] = LIMITS.map(([, limitOf]) => Math.min(...this.replies.map(limitOf)));
    this.promised ??= {
      baseDigest: reply.baseDigest,
      tokenizerDigest: reply.tokenizerDigest,
      chatTemplateDigest: reply.chatTemplateDigest,
      decodePrecision: reply.decodePrecision,
      unitItemsMax: unitItemsMax!,
      samplesPerPromptMax: samplesPerPromptMax!,
      baseTensors: reply.baseTensors.map(({ name, dims }) => ({ name, dims: dims.map(Number) })),
    };
    return this.promised;
  }
}
