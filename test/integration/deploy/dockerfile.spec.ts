import { Copy, DockerfileParser, From } from 'dockerfile-ast';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const dockerfile = DockerfileParser.parse(readFileSync(join(ROOT, 'deploy', 'docker', 'Dockerfile'), 'utf8'));

/** Instructions stage by stage. */
const stages: { from: From; instructions: ReturnType<typeof dockerfile.getInstructions> }[] = [];
for (const instruction of dockerfile.getInstructions()) {
  if (instruction instanceof From) stages.push({ from: instruction, instructions: [] });
  else stages.at(-1)?.instructions.push(instruction);
}
const last = stages.at(-1);
const argumentsOf = (keyword: string): string[] =>
  (last?.instructions ?? [])
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getArgumentsContent() ?? '');

describe('the Dockerfile', () => {
  it('ends in an image of its own, without compilers and development packages', () => {
    expect(stages.map(({ from }) => from.getBuildStage())).toEqual(['build', 'tools', 'pruned', 'service']);
    expect(stages[0]?.from.getImage()).toMatch(/^node:24-\w+-slim$/);
    expect(last?.from.getImage()).toBe(stages[0]?.from.getImage());
    expect(argumentsOf('RUN').join()).not.toMatch(/apt-get|npm (ci|install)/);
    const copies = (last?.instructions ?? []).filter((instruction) => instruction instanceof Copy);
    expect(new Set(copies.map((copy) => copy.getFromFlag()?.getValue()))).toEqual(new Set(['pruned']));
  });

  it('runs as somebody who is not root, checks its health, and hears signals itself', () => {
    expect(argumentsOf('USER')).toEqual(['node']);
    expect(argumentsOf('HEALTHCHECK').join()).toContain('/healthz');
    expect(argumentsOf('CMD').join()).toMatch(/^\["node", .*"dist\/main\.js"\]$/);
  });

  it('gives the service the memory that deploy/README.md says, as the local start does and the pods of tests', () => {
    const semiSpace = '--max-semi-space-size=16';
    expect(argumentsOf('CMD').join()).toContain(`"${semiSpace}", "--max-old-space-size-percentage=60"`);
    for (const file of ['deploy/local/start.mjs', 'load/servers/pod.ts', 'deploy/README.md']) {
      expect([file, readFileSync(join(ROOT, file), 'utf8').includes(semiSpace)]).toEqual([file, true]);
    }
  });

  it('copies only what is there, and what .dockerignore lets through', () => {
    const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    const sources = stages
      .flatMap(({ instructions }) => instructions)
      .filter((instruction) => instruction instanceof Copy && instruction.getFromFlag() === null)
      .flatMap((instruction) =>
        instruction
          .getArguments()
          .slice(0, -1)
          .map((argument) => argument.getValue()),
      );
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
      expect(allowed).toContain(`!${source}`);
    }
  });
});
