/** @file Services that are there already, as the options of the command line name them. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { UsageError } from '../cli.errors.js';

/** Addresses of services to use instead of starting them. */
export interface Endpoints {
  readonly policy?: readonly string[];
  readonly policyAdmin?: readonly string[];
  readonly reward?: string;
  readonly metaLearner?: string;
  readonly trainer?: string;
}

const ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/;

const PORT_MAX = 65_535;

export function isAddress(text: string): boolean {
  return ADDRESS.test(text) && Number(text.slice(text.lastIndexOf(':') + 1)) <= PORT_MAX;
}

/** @throws InvalidArgumentError unless it is host:port */
export function address(text: string): string {
  if (isAddress(text)) return text;
  throw new InvalidArgumentError('Expected host:port, for instance 127.0.0.1:50051.');
}

function addressList(text: string): readonly string[] {
  return text.split(',').map((part) => address(part.trim()));
}

/** Adds the options that name running services. */
export function withEndpointOptions(command: Command): Command {
  const option = (flags: string, what: string, parse: (text: string) => unknown): Option =>
    new Option(flags, what).argParser(parse);
  return command
    .addOption(option('--policy <host:port,…>', 'policy services to use instead of starting one', addressList))
    .addOption(option('--policy-admin <host:port,…>', 'their admin addresses, in the same order', addressList))
    .addOption(option('--reward <host:port>', 'reward service to use instead of starting one', address))
    .addOption(option('--meta-learner <host:port>', 'meta-learner service to use instead of starting one', address))
    .addOption(option('--trainer <host:port>', 'trainer service to use; it knows the others', address));
}

/** Refuses combinations that mean nothing. */
export function checkEndpoints({ policy, policyAdmin, reward, metaLearner, trainer }: Endpoints): void {
  if (trainer !== undefined && (policy ?? policyAdmin ?? reward ?? metaLearner) !== undefined) {
    throw new UsageError('--trainer names a service that knows the others: leave their addresses out');
  }
  if ((policy?.length ?? 0) !== (policyAdmin?.length ?? 0)) {
    throw new UsageError(
      `--policy and --policy-admin go together, in the same order: got ${policy?.length ?? 0} and ${policyAdmin?.length ?? 0} addresses`,
    );
  }
}
