/** @file Options that the reward commands share: whom to ask, who asks, how long to wait. */
import { hostname, userInfo } from 'node:os';
import { Option, type Command } from 'commander';
import { timeoutOption } from '../commands/option-values.js';
import { replicaSources } from './replica-addresses.js';

/** The services' own defaults. */
const DATA_ADDRESS = '127.0.0.1:50053';
const ADMIN_ADDRESS = '127.0.0.1:50054';
const TIMEOUT = '10m';

export interface DataOptions {
  readonly reward: readonly string[];
  readonly timeout: number;
}

export interface AdminOptions {
  readonly admin: readonly string[];
  readonly timeout: number;
}

export interface ChangeOptions extends AdminOptions {
  readonly reason?: string;
  readonly requester: string;
  readonly requestId?: string;
}

/** Adds the options of a command that asks the main port. */
export function withDataOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--reward <ADDRESSES>', 'reward services: host:port or dns:///name:port, several with commas between')
        .argParser(replicaSources)
        .default([DATA_ADDRESS], DATA_ADDRESS),
    )
    .addOption(timeoutOption(TIMEOUT, 'longest time to wait for a service'));
}

/** Adds the options of a command that asks the admin port. */
export function withAdminOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--admin <ADDRESSES>',
        'admin ports of all replicas: host:port or dns:///name:port, several with commas between',
      )
        .argParser(replicaSources)
        .default([ADMIN_ADDRESS], ADMIN_ADDRESS),
    )
    .addOption(timeoutOption(TIMEOUT, 'longest time to wait for a service'));
}

/** Adds the options of a command that changes something. */
export function withChangeOptions(command: Command): Command {
  return withAdminOptions(command)
    .option('--reason <TEXT>', 'why, for the history')
    .option('--requester <NAME>', 'who asks, for the history', ownName())
    .option('--request-id <ID>', 'repeats an earlier request: who has carried it out does not do so again');
}

function ownName(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A container may run under a number that no user has.
    return hostname();
  }
}
