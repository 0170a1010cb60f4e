import { invalid, TphError } from '../values/error.ts';

/** What an error of the driver or the server is known by; never its text. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  // Several addresses were tried: the first says why.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined;
}

/** Two transactions stood in each other's way, and one was ended: the same again may succeed. */
export const isCollision = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error) ?? '');

/** Codes of the server are five characters; what is said without one comes from the driver or the network. */
export const isFromServer = (error: unknown): boolean => /^[0-9A-Z]{5}$/.test(codeOf(error) ?? '');

/** Whether an error says that the connection is gone; an error of the driver's that has no code is told by its event. */
export function isDisconnection(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TphError) return false;
  return 'syscall' in error || /^(08|57P0)/.test(codeOf(error) ?? '');
}

/** A statement that was understood before the tables were migrated: on another connection it is understood anew. */
export const isOutdated = (error: unknown): boolean => codeOf(error) === '0A000';

type Explanation = readonly [code: TphError['code'], says: (shown: string) => string, hint: string];

const unavailable = (says: (shown: string) => string, hint: string): Explanation => [
  'UNAVAILABLE',
  says,
  hint,
];

const REFUSED = unavailable(
  (shown) => `nothing answers at \`${shown}\``,
  'check that the server runs, and the host and port in --db',
);
const NO_ANSWER = unavailable(
  (shown) => `\`${shown}\` does not answer`,
  'check the host and port in --db, and that no firewall stands between',
);
const CERTIFICATE = unavailable(
  (shown) => `the certificate of \`${shown}\` cannot be verified`,
  'name the authority that signed it with ?sslrootcert=<file>',
);
const SIGN_IN = unavailable(
  (shown) => `\`${shown}\` refuses the user or the password`,
  'check the user in --db; the password is taken from --db, PGPASSWORD or ~/.pgpass',
);
const GOING = unavailable((shown) => `the server of \`${shown}\` is starting or stopping`, 'try again');
const FULL = unavailable(
  (shown) => `the disk or the memory of \`${shown}\` is used up; nothing was changed`,
  'free some space, then run the command again',
);
const MISSING: Explanation = [
  'NOT_FOUND',
  (shown) => `\`${shown}\` has no tph database`,
  'make one with `tph init`, or name another with --db or TPH_DB',
];

export const noTables = (shown: string): TphError =>
  new TphError('NOT_FOUND', MISSING[1](shown), { hint: MISSING[2] });

/** By the code of the server (SQLSTATE), of the network or of TLS; where the whole is not there, by its first two. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: REFUSED,
  ENOENT: REFUSED,
  EACCES: REFUSED,
  ENOTFOUND: unavailable((shown) => `the host of \`${shown}\` is not known`, 'check the host in --db'),
  EAI_AGAIN: unavailable((shown) => `the host of \`${shown}\` cannot be looked up`, 'try again'),
  ETIMEDOUT: NO_ANSWER,
  EHOSTUNREACH: NO_ANSWER,
  ENETUNREACH: NO_ANSWER,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  CERT_HAS_EXPIRED: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: unavailable(
    (shown) => `the certificate of \`${shown}\` is for another name`,
    'name the host as its certificate does, or give sslmode=verify-ca where only the authority matters',
  ),
  '28': SIGN_IN,
  '3D000': [
    'NOT_FOUND',
    (shown) => `there is no database \`${shown}\``,
    'make it with createdb, or check --db',
  ],
  '3F000': MISSING,
  '42P01': MISSING,
  '42501': [
    'NOT_ALLOWED',
    (shown) => `the user of \`${shown}\` may not do this`,
    'connect as the owner of the tables, or grant the user what it needs',
  ],
  '25006': unavailable(
    (shown) => `\`${shown}\` is read-only: nothing was changed`,
    'a replica only answers questions; change the data on its primary',
  ),
  '53300': unavailable(
    (shown) => `\`${shown}\` takes no more connections`,
    'try again, or raise max_connections',
  ),
  '53': FULL,
  '55P03': unavailable(
    (shown) => `\`${shown}\` is locked by another program`,
    'try again, or wait longer with --lock-wait 2m',
  ),
  '57014': unavailable(
    (shown) => `\`${shown}\` took too long, or was told to stop; nothing was changed`,
    'try again, or allow more with ?statement_timeout=<seconds> in --db',
  ),
  '57': GOING,
  '40': ['CONFLICT', () => 'others kept changing the same records', 'run the command again'],
  '23503': ['CONFLICT', () => 'a record that this one refers to is not there', 'run the command again'],
  '23505': ['CONFLICT', () => 'another record stands in the way', 'run the command again'],
};

/** What the server, the driver or the network says, in our words; a `TphError` and defects of ours come back as they are. */
export function explainPostgres(error: unknown, shown: string): unknown {
  if (error instanceof TphError) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const explanation =
    EXPLANATIONS[code] ?? (isFromServer(error) ? EXPLANATIONS[code.slice(0, 2)] : undefined);
  if (explanation === undefined) return error;
  const [kind, says, hint] = explanation;
  return new TphError(kind, says(shown), { hint, cause: error });
}

/** The error of an attempt to connect: whatever it is, the database cannot be had. */
export function cannotConnect(error: unknown, shown: string, hasTls: boolean): TphError {
  const explained = explainPostgres(error, shown);
  if (explained instanceof TphError) return explained;
  return new TphError('UNAVAILABLE', `no connection can be made to \`${shown}\``, {
    hint: hasTls
      ? 'check that the server speaks TLS and answers in time; one that does not is reached with ?sslmode=disable'
      : 'check that a PostgreSQL server answers there in time',
    cause: error,
  });
}

export const beingRestored = (shown: string): TphError =>
  new TphError('UNAVAILABLE', `\`${shown}\` is being restored`, {
    hint: 'try again when that is done, or wait longer with --lock-wait 2m',
  });

const doubtful = new WeakSet<object>();
/** Whether an error leaves open if the change was made. */
export const isInDoubt = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && doubtful.has(error);

/** The connection went while a change was under way; `atEnd`: while it was being committed. */
export function cutOff(shown: string, atEnd: boolean, cause: unknown): TphError {
  if (atEnd) {
    const error = new TphError(
      'UNAVAILABLE',
      `the connection to \`${shown}\` broke at the end: the change may have been made`,
      { hint: 'look with `tph log` before you do it again', cause },
    );
    doubtful.add(error);
    return error;
  }
  if (codeOf(cause) === IDLE_TOO_LONG)
    return new TphError(
      'UNAVAILABLE',
      `\`${shown}\` gave up a change that had stood still for minutes; nothing was changed`,
      { hint: 'run it again without a pause; an import from a file waits for nobody', cause },
    );
  return new TphError('UNAVAILABLE', `the connection to \`${shown}\` broke; nothing was changed`, {
    hint: 'try again',
    cause,
  });
}
/** What the server says as it ends a transaction in which nothing happens, since others wait for its locks. */
const IDLE_TOO_LONG = '25P03';

export const foreignTables = (shown: string): TphError =>
  invalid(
    `\`${shown}\` holds tables of another program`,
    'name an empty database, or a schema of its own with ?schema=tph',
  );
