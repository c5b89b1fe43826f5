/** @file Renders the variables of a service as the Markdown table that stands in its README. */
import type { ConfigShape } from './load-config.js';
import type { Variable } from './variable.js';

/** A Markdown table, one row per variable in the order of the shape, without a trailing line break. */
export function variablesTable(shape: ConfigShape): string {
  const rows = Object.values(shape).map((variable) =>
    row([`\`${variable.name}\``, variable.description, variable.rule, defaultOf(variable), `\`${variable.example}\``]),
  );
  return [row(['Variable', 'Sets', 'Allowed', 'Default', 'Example']), '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function defaultOf(variable: Variable<unknown>): string {
  if (variable.default !== undefined) return `\`${variable.default}\``;
  return variable.required ? 'required' : 'absent';
}

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
