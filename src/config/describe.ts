import { VARIABLE_GROUPS } from './variables';
import type { Variable } from './variables/variable';

/** Every variable as Markdown tables, by group. */
export function describeVariables(): string {
  return VARIABLE_GROUPS.map(({ title, variables }) =>
    [
      `### ${title}`,
      '',
      '| variable | type | default | what it is for |',
      '| --- | --- | --- | --- |',
      ...Object.entries(variables).map(describeVariable),
      '',
    ].join('\n'),
  ).join('\n');
}

function describeVariable([name, variable]: [string, Variable]): string {
  const { kind, unit, secret, purpose } = variable;
  const type = [kind.label, unit, secret ? 'secret' : undefined].filter(Boolean).join(', ');
  const cells = [`\`${name}\``, type, describeDefault(variable), purpose];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`;
}

function describeDefault({ default: text, otherwise }: Variable): string {
  if (text !== undefined) return text === '' ? 'none' : `\`${text}\``;
  return otherwise ?? 'not set';
}
