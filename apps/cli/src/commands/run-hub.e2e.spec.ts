/**
 * Goal: a run whose `model.path` is a name on the Hub ends well, for a low-rank update and for full training, whose trainer
 * reads the base weights itself. Method: the tiny project over real services, and a server that behaves like the Hub.
 */
import { after, before, describe, it } from 'node:test';
import { equal, match, ok } from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpoint } from '#ml/checkpoint';
import { LocalHub } from '../../../../test/hub/local-hub.js';
import { skipWithout } from '../../../../test/support/shared-folder.js';
import { TINY_MODEL, TinyProject } from '../../../../test/support/tiny-run.js';
import { runCli } from '../cli.js';
import { Interrupts } from '../terminal/interrupts.js';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';

const REPO = 'acme/tiny';

describe('a run of a model that is named on the Hub', { skip: skipWithout('golden') }, () => {
  const project = new TinyProject();
  const config = join(project.folder, 'hub.yaml');
  let hub: LocalHub;

  before(async () => {
    const files = readdirSync(TINY_MODEL).map((file) => [file, readFileSync(join(TINY_MODEL, file))] as const);
    hub = await LocalHub.start({ repo: REPO, files: Object.fromEntries(files) });
    Object.assign(process.env, { HF_HOME: join(project.folder, 'huggingface'), HF_ENDPOINT: hub.endpoint });
    for (const name of ['HF_HUB_CACHE', 'HF_HUB_OFFLINE', 'HF_TOKEN']) delete process.env[name];
    const text = project.config.replace(JSON.stringify(TINY_MODEL), REPO);
    writeFileSync(config, `${text}\nrewards: ${JSON.stringify(project.rewardModels)}\n`);
  });
  after(() => hub.stop());

  const run = async (name: string, ...options: string[]): Promise<string> => {
    const terminal = new ScriptedTerminal();
    const directory = join(project.folder, name);
    const args = ['run', config, '--run-dir', directory, '--set', 'algorithm.iterations=1', ...options];
    equal(await runCli(args, { terminal, interrupts: new Interrupts() }), 0, terminal.stderr);
    return directory;
  };

  it('fetches it, and leaves an adapter that names it', async () => {
    const directory = await run('lora');
    ok(hub.requests.some((request) => request.includes('/resolve/')));
    match(readFileSync(join(directory, 'adapter', 'adapter_config.json'), 'utf8'), /"acme\/tiny"/);
  });

  it('trains every tensor of what was fetched, and leaves a model', async () => {
    const directory = await run('full', '--set', 'model.training=full');
    const [base, trained] = [await openCheckpoint(TINY_MODEL), await openCheckpoint(join(directory, 'model'))];
    equal(trained.tensors.size, base.tensors.size);
    const [name, tensor] = [...trained.tensors][0]!;
    ok(tensor.data.some((value, index) => value !== base.tensors.get(name)?.data[index]));
    const terminal = new ScriptedTerminal();
    equal(await runCli(['fsck', directory], { terminal, interrupts: new Interrupts() }), 0, terminal.stdout);
  });
});
