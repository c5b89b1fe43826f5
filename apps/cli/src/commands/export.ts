/** @file `metaapo export`: a trained model for PEFT, transformers, vLLM, llama.cpp, Ollama. */
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { UsageError } from '../cli.errors.js';
import { locateModel } from '../models/locate-model.js';
import { EXPORT_TYPES, exportPolicy, type ExportFormat, type ExportTarget } from '../runs/export-policy.js';
import { slug } from '../runs/run-plan.js';
import { readTrainedPolicy } from '../runs/trained-policy.js';
import { example, type CommandContext } from './context.js';

interface ExportCommandOptions {
  readonly format: ExportFormat;
  readonly type?: string;
  readonly out?: string;
  readonly model?: string;
  readonly force?: boolean;
}

const FORMATS = Object.keys(EXPORT_TYPES);
const TYPES = [...new Set(Object.values(EXPORT_TYPES).flat())];

export function exportCommand(context: CommandContext): Command {
  const { terminal } = context;
  return new Command('export')
    .summary('write a run’s model for PEFT, transformers or llama.cpp')
    .description(
      'Writes what a run has trained and prints the path. peft: the adapter, for PEFT and vLLM. safetensors: the base ' +
        'with the adapter worked in, a folder for transformers and vLLM. gguf: the same as one file with tokenizer and ' +
        'chat template, for llama.cpp and Ollama. A run that is not finished gives the policy of its last finished phase.',
    )
    .argument('<RUN_DIR>', 'directory of a run')
    .addOption(new Option('--format <FORMAT>', 'form of the result').choices(FORMATS).makeOptionMandatory())
    .addOption(
      new Option(
        '--type <TYPE>',
        'element type of the weights: f32 (default), f16, bf16 for safetensors; f16 (default), q8_0, bf16, f32 for gguf',
      ).choices(TYPES),
    )
    .option('--out <PATH>', 'folder to write, for gguf the file (default: in RUN_DIR/export)')
    .option('--model <PATH>', 'base model (path, or name on the Hub), where it no longer lies where the run found it')
    .option('--force', 'replace what lies there')
    .addHelpText('after', example('metaapo export runs/demo --format gguf --type q8_0 --out demo.gguf'))
    .action(async (directory: string, { format, type, out, model, force = false }: ExportCommandOptions) => {
      const runDirectory = resolve(directory);
      const target = targetOf(format, type);
      const locate = (named: string) => locateModel(named, context);
      const policy = await readTrainedPolicy(runDirectory, { model, locate });
      const path = resolve(out ?? join(runDirectory, 'export', defaultName(target, policy.config.name)));
      const notes = await exportPolicy(policy, target, { out: path, force });
      for (const note of notes) terminal.err(`note: ${note}\n`);
      terminal.out(`${path}\n`);
    });
}

function targetOf(format: ExportFormat, type: string | undefined): ExportTarget {
  const types: readonly string[] = EXPORT_TYPES[format];
  const chosen = type ?? types[0];
  if (chosen === undefined || !types.includes(chosen)) {
    throw new UsageError(`Expected --type ${types.join(', ')} with --format ${format}, got ${type}`);
  }
  return { format, type: chosen } as ExportTarget;
}

function defaultName(target: ExportTarget, runName: string): string {
  return target.format === 'gguf' ? `${slug(runName)}-${target.type}.gguf` : target.format;
}
