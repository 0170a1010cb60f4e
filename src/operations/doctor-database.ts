import { statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseCheck, Session } from '../contract/database.ts';
import { type Diagnosis, diagnosis, type Finding, type Severity } from '../contract/doctor.ts';
import type { Queries } from '../db/database.ts';
import { newestEvent } from '../db/doctor-facts.ts';
import { schemaVersion } from '../db/schema.ts';
import { SCHEMA_VERSION } from '../db/schema-version.ts';
import { formatInstant, type Instant } from '../values/instant.ts';

/** What is looked at where the database itself is at hand. */
export const DATABASE_CHECKS = ['integrity', 'references', 'schema', 'permissions', 'disk', 'clock'] as const;

interface Database {
  readonly check: () => Promise<DatabaseCheck>;
  readonly read: <T>(work: (queries: Queries) => Promise<T>) => Promise<T>;
  /** What is other on another engine than on a SQLite file: the version, the newest change of anybody, the disk. */
  readonly engine?: {
    readonly version: (queries: Queries) => Promise<number>;
    readonly newest: (queries: Queries) => Promise<Instant | null>;
  };
}

/** The findings of `db check` with those about the disk and the clock; changes nothing, migrates nothing. */
export async function diagnoseDatabase(
  location: string,
  session: Session,
  { check, read, engine }: Database,
): Promise<Diagnosis & { readonly usable: boolean }> {
  const { problems } = await check();
  const isDamaged = problems.some((problem) => problem.check === 'integrity');
  const version = isDamaged ? undefined : await read(engine?.version ?? schemaVersion);
  const isCurrent = version === SCHEMA_VERSION;
  const newest = isCurrent ? await read(engine?.newest ?? newestEvent) : null;
  const findings = [
    ...findingsOf(problems),
    ...(version === undefined || isCurrent ? [] : [schemaFinding(version)]),
    ...(engine === undefined
      ? diskFindings(dirname(resolve(location)), freeBytes(location), statSync(location).size)
      : []),
    ...clockFindings(Math.floor((session.arrivedMs ?? session.nowMs) / 1000) as Instant, newest),
  ];
  const checks = DATABASE_CHECKS.filter((name) => engine === undefined || name !== 'disk');
  return { ...diagnosis(findings, checks), usable: isCurrent };
}

function freeBytes(location: string): number {
  const { bavail, bsize } = statfsSync(dirname(resolve(location)));
  return bavail * bsize;
}

const finding = (code: string, severity: Severity, message: string, fix: string, count = 1): Finding => ({
  code,
  severity,
  message,
  count,
  records: [],
  fix,
});

/** The problems of each check as one finding; that of the schema is told by the version. */
function findingsOf(problems: DatabaseCheck['problems']): readonly Finding[] {
  const of = (check: string, code: string, severity: Severity, fix?: string): readonly Finding[] => {
    const own = problems.filter((problem) => problem.check === check);
    const [first] = own;
    if (first === undefined) return [];
    const more = own.length === 1 ? '' : `, and ${own.length - 1} more`;
    return [finding(code, severity, `${first.message}${more}`, fix ?? first.hint, own.length)];
  };
  return [
    ...of('integrity', 'DATABASE_DAMAGED', 'ERROR', 'tph db restore'),
    ...of('references', 'REFERENCES_BROKEN', 'ERROR', 'tph db restore'),
    ...of('permissions', 'FILE_READABLE', 'WARNING'),
  ];
}

const schemaFinding = (version: number): Finding =>
  version < SCHEMA_VERSION
    ? finding(
        'MIGRATION_PENDING',
        'WARNING',
        `the database has schema version ${version}, the program's is ${SCHEMA_VERSION}`,
        'tph db migrate',
      )
    : finding(
        'SCHEMA_NEWER',
        'ERROR',
        `the database has schema version ${version}; this program knows versions up to ${SCHEMA_VERSION}`,
        'tph --version',
      );

const MEBIBYTE = 1024 ** 2;
/** What is to be free at least, however small the database. */
const LEAST_FREE = 64 * MEBIBYTE;

/** Whether there is room for a backup and for what is written meanwhile: twice the database, in bytes. */
export function diskFindings(folder: string, free: number, size: number): readonly Finding[] {
  const wanted = Math.max(2 * size, LEAST_FREE);
  if (free >= wanted) return [];
  const mebibytes = (bytes: number) => `${Math.floor(bytes / MEBIBYTE)} MiB`;
  const message = `the disk of the database has ${mebibytes(free)} left; ${mebibytes(wanted)} are wanted for a backup`;
  return [finding('DISK_LOW', 'WARNING', message, `df -h "${folder}"`)];
}

/** 2025-01-01 in UTC: before that this program was not there. */
const FIRST_YEAR = 1_735_689_600;
/** Clocks of two machines that write one database may differ by so many seconds. */
const CLOCK_SLACK = 300;

/** Whether the clock can be right: `newest` is the last change that was written down, by anybody. */
export function clockFindings(now: Instant, newest: Instant | null): readonly Finding[] {
  const time = formatInstant(now, 'UTC');
  const fix = 'timedatectl status';
  if (now < FIRST_YEAR)
    return [
      finding('CLOCK_WRONG', 'ERROR', `the clock of this machine says ${time} UTC: that is long past`, fix),
    ];
  if (newest === null || newest <= now + CLOCK_SLACK) return [];
  const message = `the clock says ${time} UTC, but the newest change is of ${formatInstant(newest, 'UTC')} UTC`;
  return [finding('CLOCK_BEHIND', 'WARNING', message, fix)];
}
