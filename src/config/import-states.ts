import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../host.ts';
import { readUserFile, writeUserFile } from './user-file.ts';

/** The user's folder for what programs remember, by the XDG base directory specification: relative paths do not count. */
function stateFolder(env: Environment): string {
  const set = env['XDG_STATE_HOME'];
  return set !== undefined && isAbsolute(set) ? set : join(env['HOME'] || homedir(), '.local', 'state');
}

/** A file an import under way, readable by its owner only. */
export class ImportStateFiles<S extends { readonly run: string }> {
  readonly #folder: string;

  constructor(env: Environment) {
    this.#folder = join(stateFolder(env), 'tph', 'imports');
  }

  get(run: string): S | undefined {
    return readUserFile(this.#file(run)) as S | undefined;
  }

  keep(state: S): void {
    writeUserFile(this.#file(state.run), state, 'XDG_STATE_HOME');
  }

  forget(run: string): void {
    rmSync(this.#file(run), { force: true });
  }

  #file(run: string): string {
    return join(this.#folder, `${run.replace(/\W/g, '_')}.json`);
  }
}
