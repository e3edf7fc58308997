import { type Variable, VARIABLES } from './variables';

/** Every variable as Markdown tables, by section. */
export function describeVariables(): string {
  const sections = new Set(VARIABLES.map(({ section }) => section));
  return [...sections]
    .map((title) =>
      [
        `### ${title}`,
        '',
        '| variable | type | default | what it is for |',
        '| --- | --- | --- | --- |',
        ...VARIABLES.filter(({ section }) => section === title).map(describeVariable),
        '',
      ].join('\n'),
    )
    .join('\n');
}

function describeVariable({ variable, description, unit, secret, otherwise, purpose, ...rest }: Variable): string {
  const type = [description, unit, secret && 'secret'].filter(Boolean).join(', ');
  const byDefault = rest.default === undefined ? 'not set' : rest.default === '' ? 'none' : `\`${rest.default}\``;
  const cells = [`\`${variable}\``, type, otherwise ?? byDefault, purpose];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`;
}

if (require.main === module) process.stdout.write(describeVariables());
