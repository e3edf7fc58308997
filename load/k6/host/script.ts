import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { transformSync } from '@swc/core';

type Module = Record<string, unknown>;

/** A script and the files that it imports, compiled once. Every virtual user runs all of it anew, as in k6. */
export class Script {
  private readonly compiled = new Map<string, string>();

  constructor(private readonly file: string) {}

  /**
   * Runs the script's outermost code.
   *
   * @param k6 the `k6/…` modules, by name
   * @param globals what the script sees without importing it
   * @throws Error for an import, or a name of one, that the host does not have
   */
  run(k6: Record<string, object>, globals: Record<string, unknown>): Module {
    const loaded = new Map<string, Module>();
    const load = (file: string): Module => {
      const known = loaded.get(file);
      if (known) return known;
      const exported: Module = {};
      loaded.set(file, exported);
      const require = (name: string): object => {
        if (name.startsWith('.')) return load(resolve(dirname(file), name));
        const module = k6[name];
        if (!module) throw new Error(`${file} imports ${name}, which this host does not have`);
        return strict(name, module);
      };
      const own = { open: this.opener(), ...globals };
      const names = ['exports', 'require', ...Object.keys(own)];
      const body = compileFunction(this.compile(file), names, { filename: file });
      Reflect.apply(body, undefined, [exported, require, ...Object.values(own)]);
      return exported;
    };
    return load(resolve(this.file));
  }

  private compile(file: string): string {
    const known = this.compiled.get(file);
    if (known !== undefined) return known;
    const { code } = transformSync(readFileSync(file, 'utf8'), {
      filename: file,
      swcrc: false,
      sourceMaps: 'inline',
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    this.compiled.set(file, code);
    return code;
  }

  /** Relative to the script, as k6's own. */
  private opener(): (path: string) => string {
    return (path) => readFileSync(resolve(dirname(this.file), path), 'utf8');
  }
}

/** A name that a module lacks must not be `undefined` somewhere later. */
function strict(name: string, module: object): object {
  return new Proxy(module, {
    get(target, key, receiver) {
      if (typeof key === 'string' && key !== '__esModule' && !(key in target)) {
        throw new Error(`${name} of this host has no ${key}`);
      }
      if (key === '__esModule') return true;
      const value = Reflect.get(target, key, receiver) as unknown;
      return key === 'default' ? strict(name, value as object) : value;
    },
  });
}
