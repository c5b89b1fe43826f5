/** Goal: what people type wrongly ends with one clear line and exit code 2, and every help text has an example. */
import { describe, it } from 'node:test';
import { deepEqual, equal, match } from 'node:assert/strict';
import type { Command } from 'commander';
import { programOf, runCli } from './cli.js';
import { Interrupts } from './terminal/interrupts.js';
import { ScriptedTerminal } from './testing/scripted-terminal.js';

async function typed(line: string): Promise<{ code: number; out: string; err: string }> {
  const terminal = new ScriptedTerminal();
  const code = await runCli(line.split(' ').filter(Boolean), { terminal, interrupts: new Interrupts() });
  return { code, out: terminal.stdout, err: terminal.stderr };
}

const GENERATE = 'generate --model m --input i --output o --max-new-tokens 4';

const WRONG = [
  ['', /no command; expected one of run, runs, watch/],
  ['frob', /unknown command 'frob'; expected one of run/],
  ['runn', /unknown command 'runn' \(did you mean `run`\?\); expected one of run/],
  ['help frob', /unknown command 'frob'; expected one of run, .*\(see metaapo --help\)/],
  ['help generte', /unknown command 'generte' \(did you mean `generate`\?\)/],
  ['help reward promot', /unknown command 'promot' \(did you mean `promote`\?\).*\(see metaapo reward --help\)/],
  ['reward help promot', /unknown command 'promot' \(did you mean `promote`\?\)/],
  ['data', /no command; expected one of check/],
  ['run', /missing required argument 'CONFIG' \(see metaapo run --help\)/],
  ['run absent.yaml', /Expected a configuration file, got absent\.yaml/],
  ['run a.yaml --frob', /unknown option '--frob'/],
  ['run a.yaml --policy nowhere', /Expected host:port, for instance/],
  ['run a.yaml --policy 127.0.0.1:1', /--policy and --policy-admin go together/],
  ['run a.yaml --trainer 127.0.0.1:1 --reward 127.0.0.1:2', /leave their addresses out/],
  ['run a.yaml --policy-replicas 0', /whole number from 1 to 64/],
  ['run a.yaml --resume --fresh', /Expected a configuration file/],
  ['runs absent-folder', /Expected a folder of run directories, got absent-folder/],
  ['runs a --trainer 127.0.0.1:1', /two places to look in/],
  ['runs --trainer nowhere', /Expected host:port/],
  ['runs --trainer 127.0.0.1:65536', /Expected host:port/],
  ['watch', /missing required argument 'RUN'/],
  [
    'watch absent-run',
    /Expected the directory of a run or the address of a trainer, got .*absent-run: no run is there/,
  ],
  ['watch absent-run --run x', /--run goes with the address of a trainer/],
  ['fsck', /missing required argument 'RUN_DIR'/],
  ['fsck absent-run', /Expected the directory of a run, got .*absent-run: no run is there/],
  ['up', /Expected a CONFIG file or --model DIR/],
  ['report absent-run', /Expected the directory of a run/],
  ['data check absent.jsonl', /absent\.jsonl/],
  ['explain', /missing required argument 'RUN'/],
  ['explain absent-run line-1', /Expected the directory of a run, got absent-run: no run is there/],
  ['reward', /no command; expected one of list, show, score, stage, shadow, report, promote, rollback, retire, train/],
  ['reward promot a', /unknown command 'promot' \(did you mean `promote`\?\); expected one of list/],
  ['reward stage a', /missing required argument 'SPEC'/],
  ['reward shadow a', /required option '--fraction <SHARE>' not specified/],
  ['reward promote a --force', /--force needs --reason TEXT/],
  ['reward promote a --expected-epoch 0', /whole number from 1/],
  ['reward retire a --staged --epoch 1', /either --staged or --epoch N/],
  ['reward show a --admin dns:///', /Expected host:port or dns:\/\/\/name:port/],
  ['reward list --timeout soon', /Expected/],
  ['score --model m', /required option '--input <FILE>' not specified/],
  ['score --model absent --input i --output o', /Expected a model folder with config\.json, .*got absent/],
  [
    `${GENERATE} --samples 0 --temperature 1`,
    /'--samples <K>' argument '0' is invalid\. Expected a whole number from 1/,
  ],
  [`${GENERATE} --samples 1 --temperature -1`, /Expected a number from 0 to 100/],
  [`${GENERATE} --samples 1 --temperature NaN`, /Expected a number from 0 to 100/],
  [`${GENERATE} --samples 1 --temperature 1 --top-p 0`, /Expected a number above 0 and at most 1/],
  [`${GENERATE} --samples 1 --temperature 1 --seed 1.5`, /Expected a whole number/],
] as const;

describe('the command line', () => {
  for (const [line, message] of WRONG) {
    it(`ends "metaapo ${line}" with one line and exit code 2`, async () => {
      const { code, out, err } = await typed(line);
      match(err, message);
      deepEqual([code, out, err.trimEnd().split('\n').length], [2, '', 1]);
    });
  }

  it('shows an example with every command', async () => {
    const terminal = new ScriptedTerminal();
    const program = await programOf({ terminal, interrupts: new Interrupts() });
    const pathsBelow = (command: Command, path: readonly string[]): string[] => [
      path.join(' '),
      ...command.commands.flatMap((child) => pathsBelow(child, [...path, child.name()])),
    ];
    for (const path of pathsBelow(program, [])) {
      const { code, out } = await typed(`${path} --help`);
      equal(code, 0);
      match(out, /Examples?:\n {2}\$ metaapo /, path);
    }
  });

  it('shows the help of a command by either way of asking', async () => {
    for (const path of ['', 'run', 'reward', 'reward promote', 'data check']) {
      deepEqual(await typed(`help ${path}`), await typed(`${path} --help`));
    }
    deepEqual(await typed('reward help promote'), await typed('reward promote --help'));
  });

  it('tells its version', async () => {
    const { code, out } = await typed('--version');
    equal(code, 0);
    match(out, /^\d+\.\d+\.\d+\n$/);
  });
});
