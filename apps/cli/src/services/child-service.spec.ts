/** Goal: a service that dies, at its start or later, is told with its last words; one that is not needed leaves. */
import { describe, it } from 'node:test';
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { ChildService, readyAddresses } from './child-service.js';

const META_LEARNER = { app: 'meta-learner', environment: { META_LEARNER_ADDRESS: '127.0.0.1:0' } } as const;
const TIMEOUT_MS = 60_000;

describe('the ready line of a service', () => {
  it('names its addresses', () => {
    deepEqual(readyAddresses('{"event":"ready","service":"policy","address":"h:1","admin_address":"h:2"}'), {
      address: 'h:1',
      adminAddress: 'h:2',
    });
    deepEqual(readyAddresses('{"event":"ready","service":"reward","address":"h:1"}')?.adminAddress, '');
  });

  it('is told from every other line', () => {
    for (const line of ['', 'ready', '{"event":', '{"event":"started","address":"h:1"}', '{"event":"ready"}']) {
      equal(readyAddresses(line), undefined);
    }
  });
});

describe('a service as a child process', () => {
  it('that cannot start is told with its own words', async () => {
    const service = ChildService.spawn({ app: 'meta-learner', environment: { META_LEARNER_ADDRESS: 'nowhere' } });
    await rejects(service.ready(TIMEOUT_MS), (thrown: Error) => {
      match(thrown.message, /The meta-learner service ended by itself \(exit code 2\)/);
      match(thrown.message, /META_LEARNER_ADDRESS: got "nowhere"/);
      return true;
    });
  });

  it('whose port is taken says so', async () => {
    const first = ChildService.spawn(META_LEARNER);
    const { address } = await first.ready(TIMEOUT_MS);
    const second = ChildService.spawn({ app: 'meta-learner', environment: { META_LEARNER_ADDRESS: address } });
    await rejects(second.ready(TIMEOUT_MS), { code: 'SERVICE_DIED', message: /ADDRESS_IN_USE/ });
    await first.stop(TIMEOUT_MS);
  });

  it('that is killed later is told, one that is stopped is not', async () => {
    const lines: string[] = [];
    const service = ChildService.spawn({ ...META_LEARNER, onLog: (line) => lines.push(line) });
    await service.ready(TIMEOUT_MS);
    const lost = service.lost();
    process.kill(service.pid, 'SIGKILL');
    await rejects(lost, { code: 'SERVICE_DIED', message: /signal SIGKILL/ });
    match(lines.join('\n'), /"message":"serving"/);
  });
});
