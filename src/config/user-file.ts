import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { quote, TphError } from '../values/error.ts';
import { cannotWrite, codeOf } from './exclusively.ts';

/** The largest file of the program's own that is read, in bytes. */
const LARGEST = 1_048_576;

/** The JSON object in a file of the user's; undefined where there is no file. Throws INVALID for one that cannot be read. */
export function readUserFile(file: string): Readonly<Record<string, unknown>> | undefined {
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > LARGEST) throw unusable(file, 'is too large to be one of this program');
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    if (error instanceof TphError) throw error;
    throw unusable(file, `cannot be read: ${codeOf(error) ?? 'unknown reason'}`, error);
  }
  // The parser's own message repeats the text, which may hold a token.
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw unusable(file, 'holds no JSON object');
}

/** Replaces the file in one step; nobody but its owner may read it. `variable` names another folder for such files. */
export function writeUserFile(file: string, value: object, variable = 'XDG_CONFIG_HOME'): void {
  const draft = `${file}.${randomUUID()}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(draft, 0o600);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw cannotWrite(file, error, variable);
  }
}

/** Throws NOT_ALLOWED where anybody but the owner could read or write the file. */
export function refuseReadableByOthers(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || (stat.mode & 0o077) === 0) return;
  const mode = (stat.mode & 0o777).toString(8);
  throw new TphError('NOT_ALLOWED', `others can read the tokens in ${quote(file)}: its mode is ${mode}`, {
    hint: `\`chmod 600 ${file}\`, and replace the tokens if somebody may have read them`,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(file: string, what: string, cause?: unknown): TphError {
  const hint = 'mend it, or move it away and make it again';
  return new TphError('INVALID', `${quote(file)} ${what}`, { hint, cause });
}
