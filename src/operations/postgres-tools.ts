import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresTarget } from '../db/postgres-url.ts';
import { postgresUrl } from '../values/database-url.ts';
import { quote, TphError } from '../values/error.ts';

type Tool = 'pg_dump' | 'pg_restore';

/** Where a tool of PostgreSQL is told to connect to, and a folder for what it is to read; gone when `work` has ended. */
export interface Tools {
  /** For `--dbname`; holds no password, since others of this machine see command lines. */
  readonly connection: string;
  /** Writes a file that only its owner may read; its path. */
  readonly note: (name: string, text: string) => string;
}

/** Lends a tool what it needs. Where the URL has no password, the tool takes it from `PGPASSWORD` or `~/.pgpass`, as we do. */
export async function withTools<T>(
  url: string,
  target: PostgresTarget,
  work: (tools: Tools) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tph-'));
  const note = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  try {
    const { host, port, user, password, database } = target;
    const asked = postgresUrl(url)?.searchParams ?? new URLSearchParams();
    const settings = {
      host,
      port,
      user,
      dbname: database,
      passfile: password === undefined ? undefined : note('pass', `*:*:*:*:${escaped(password)}\n`),
      sslmode: target.tls === false ? 'disable' : (asked.get('sslmode') ?? 'verify-full'),
      sslrootcert: asked.get('sslrootcert') ?? undefined,
      connect_timeout: Math.ceil(target.connectTimeoutMs / 1000),
    };
    const connection = Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}='${String(value).replaceAll(/['\\]/g, '\\$&')}'`)
      .join(' ');
    return await work({ connection, note });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const escaped = (password: string): string => password.replaceAll(/[:\\]/g, '\\$&');

/** Runs a tool to its end; what it wrote. UNAVAILABLE where it fails, with what it said. */
export async function runTool(tool: Tool, words: readonly string[]): Promise<string> {
  const ran = await start(tool, words);
  if (ran === undefined) throw missing(tool);
  if (ran.code === 0) return ran.out;
  const lines = ran.err.split('\n').map((line) => line.replace(/^\w+: (error: )?/, '').trim());
  throw new TphError(
    'UNAVAILABLE',
    `${tool} failed: ${lines.find((line) => line !== '') ?? 'it said nothing'}`,
    {
      hint: ran.err.includes('version mismatch')
        ? `install the ${tool} of the server's version, or use \`tph db copy\``
        : 'mend that and try again, or use `tph db copy`, which needs no tool',
    },
  );
}

/** Whether a tool can be found. */
export const hasTool = async (tool: Tool): Promise<boolean> => (await start(tool, ['--version']))?.code === 0;

export const missing = (tool: Tool): TphError =>
  new TphError('UNAVAILABLE', `${quote(tool)} cannot be found`, {
    hint: `install the client programs of PostgreSQL, or use \`tph db copy\`, which needs no ${tool}`,
  });

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Undefined where there is no such program. */
function start(tool: Tool, words: readonly string[]): Promise<Ended | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = `${err}${text}`.slice(0, 20_000);
    });
    child.once('error', (error: Error & { code?: string }) =>
      error.code === 'ENOENT' ? resolve(undefined) : reject(error),
    );
    child.once('close', (code) => resolve({ code, out, err }));
  });
}
