import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { postgresUrl, withoutPassword } from '../values/database-url.ts';
import { invalid, TphError } from '../values/error.ts';

/** What a URL of a PostgreSQL database says. */
export interface PostgresTarget {
  /** The URL without its password: what messages, logs and `db status` show. */
  readonly shown: string;
  /** Left out: what the driver takes from the environment (`PGHOST`, `PGUSER` …, and the password from `~/.pgpass`). */
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly tls: ConnectionOptions | false;
  /** The schema that holds the tables; undefined: the first of the role's search path. */
  readonly schema: string | undefined;
  /** How long a statement may run, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** How long connecting may take, in milliseconds. */
  readonly connectTimeoutMs: number;
}

const PARAMETERS = ['schema', 'sslmode', 'sslrootcert', 'connect_timeout', 'statement_timeout', 'host'];
/** Five minutes: longer than anything that is asked of a well-sized database. */
const STATEMENT_SECONDS = 300;
const CONNECT_SECONDS = 10;

/**
 * Reads `postgres://[user[:password]@][host][:port]/[database]` with the parameters `schema`, `sslmode`, `sslrootcert`,
 * `connect_timeout` and `statement_timeout` (seconds) and `host` (the folder of a socket). INVALID for anything else.
 */
export function parsePostgresUrl(text: string): PostgresTarget {
  const shown = withoutPassword(text);
  const refuse = (what: string, hint: string) => {
    const message = `--db ${what}`;
    return invalid(message, hint, [{ field: '--db', value: shown, message, hint }]);
  };
  const url = postgresUrl(text);
  if (url === undefined)
    throw refuse(
      'is no URL of a PostgreSQL database',
      'write it as postgres://user@host:5432/database; special characters of a password as %40 and the like',
    );
  for (const name of url.searchParams.keys())
    if (!PARAMETERS.includes(name))
      throw refuse(`has the parameter \`${name}\`, which is not known`, `known are ${PARAMETERS.join(', ')}`);
  const decoded = (part: string, name: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw refuse(`has a ${name} that cannot be read`, 'write a per cent sign as %25');
    }
  };
  const seconds = (name: string, usual: number): number => {
    const given = url.searchParams.get(name);
    if (given === null) return usual * 1000;
    const value = Number(given);
    if (/^\d{1,6}$/.test(given) && value > 0) return value * 1000;
    throw refuse(`has a ${name} that is no number of seconds`, `such as ${name}=${usual}`);
  };
  const host = url.searchParams.get('host') ?? decoded(url.hostname.replace(/^\[|\]$/g, ''), 'host');
  const database = decoded(url.pathname.slice(1), 'database');
  const user = decoded(url.username, 'user');
  const password = decoded(url.password, 'password');
  const schema = url.searchParams.get('schema') ?? undefined;
  if (schema !== undefined && !/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw refuse('has a schema that is no plain name', 'use lower-case letters, digits and underscores');
  return {
    shown,
    ...(host === '' ? {} : { host }),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(user === '' ? {} : { user }),
    ...(password === '' ? {} : { password }),
    ...(database === '' ? {} : { database }),
    tls: tlsOf(url.searchParams, host, refuse),
    schema,
    statementTimeoutMs: seconds('statement_timeout', STATEMENT_SECONDS),
    connectTimeoutMs: seconds('connect_timeout', CONNECT_SECONDS),
  };
}

const isOnThisMachine = (host: string): boolean =>
  host === '' || host.startsWith('/') || /^(localhost|127\.|::1$)/.test(host);

/**
 * `sslmode` as PostgreSQL's own tools read it, but for what they take to be `prefer`: left out, a server on this
 * machine is spoken to in the clear and every other one must show a certificate that can be verified.
 */
function tlsOf(
  parameters: URLSearchParams,
  host: string,
  refuse: (what: string, hint: string) => TphError,
): ConnectionOptions | false {
  const file = parameters.get('sslrootcert');
  const mode =
    parameters.get('sslmode') ?? (isOnThisMachine(host) && file === null ? 'disable' : 'verify-full');
  const ca = file === null ? {} : { ca: certificate(file) };
  switch (mode) {
    case 'disable':
      return false;
    case 'require':
      // With a certificate to compare with, it is compared, as by PostgreSQL's own tools.
      return file === null ? { rejectUnauthorized: false } : { ...ca, checkServerIdentity: () => undefined };
    case 'verify-ca':
      return { ...ca, checkServerIdentity: () => undefined };
    case 'verify-full':
      return ca;
    default:
      throw refuse(
        'has an sslmode that is not known',
        'give disable, require, verify-ca or verify-full; verify-full is the safest',
      );
  }
}

function certificate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new TphError('INVALID', `the certificate that sslrootcert names cannot be read`, {
      hint: 'give the path of a PEM file',
      cause: error,
    });
  }
}
