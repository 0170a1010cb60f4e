import { HINTS_HEADER, operationTable, type Problem } from '../contract/http.ts';
import { camel } from '../records/names.ts';
import { definitions } from '../records/registry.ts';
import type { ErrorDetail } from '../values/error.ts';
import { wayToGive } from './missing-field.ts';

/** Whether whoever asks types commands: `tph` says so, and gets hints as the command line has them. */
export const typesCommands = (headers: Readonly<Record<string, unknown>>): boolean =>
  headers[HINTS_HEADER] === 'commands';

/**
 * A problem as somebody needs it who sends requests: where it names a command, the method and path that do the same,
 * and where it names a flag, the field, parameter or header.
 */
export function problemOverHttp(problem: Problem): Problem {
  const { detail, hint, instance } = problem;
  const details = problem.details.map((one) => detailOverHttp(one, instance));
  // The problem has the hint of its first detail, where that has one.
  const said = hint !== undefined && hint === problem.details[0]?.hint ? details[0]?.hint : undefined;
  return {
    ...problem,
    detail: flagsOverHttp(detail),
    ...(hint === undefined ? {} : { hint: said ?? textOverHttp(hint, instance) }),
    details,
  };
}

/** The same for one detail, or one warning of an answer. */
export function detailOverHttp(detail: ErrorDetail, path: string): ErrorDetail {
  const { field, hint } = detail;
  const way = detail['missing'] === true && field !== undefined ? wayToGive(field, path) : undefined;
  return {
    ...detail,
    ...(field === undefined ? {} : { field: flagsOverHttp(field) }),
    message: flagsOverHttp(detail.message),
    ...(hint === undefined ? {} : { hint: way ?? textOverHttp(hint, path) }),
  };
}

const COMMAND = /`tph ([a-z]+)(?: ([a-z-]+))?([^`]*)`/g;
const OTHERWISE = 'see the API reference at /docs';

function textOverHttp(text: string, path: string): string {
  // What no request can do stays a command, and says where it is for.
  if (text.includes('where the database is')) return text;
  const known = [...text.matchAll(COMMAND)].every(
    ([, noun = '', verb = '', rest = '']) => request(noun, verb, rest, path) !== undefined,
  );
  if (!known) return OTHERWISE;
  const said = text.replace(
    COMMAND,
    (_all, noun: string, verb: string, rest: string) => request(noun, verb, rest, path) ?? '',
  );
  return flagsOverHttp(
    said.replace(/,? or wait longer with --lock-wait \S+/, '').replace(/ and confirm with --yes/, ''),
  );
}

/** What a command is as a request: its method and path, and the fields that its flags are. */
function request(noun: string, verb: string, rest: string, path: string): string | undefined {
  const operation = operationTable[`${prefixOf(noun, rest)}.${verbs[verb] ?? camel(verb)}`];
  const [primary] = operation?.http.paths ?? [];
  if (operation === undefined || primary === undefined) return undefined;
  const [, client] = /^\/client\/([^/]+)/.exec(path) ?? [];
  const [id] = /\bG\d+\b/.exec(rest) ?? [];
  const filled = primary
    .replace('{clientId}', client ?? '{clientId}')
    .replace(/\{\w+\}(?!.*\{)/, (param) => id ?? param);
  const fields = [...rest.matchAll(FLAG)].map(([, flag = '']) => `\`${fieldOf(flag)}\``);
  const body = fields.length === 0 ? '' : ` with ${[...new Set(fields)].join(' and ')}`;
  return `\`${operation.http.method} ${filled}\`${body}`;
}

const verbs: Readonly<Record<string, string>> = { show: 'get', add: 'create', ls: 'list', rm: 'delete' };

/** `driver` → `driver`, `pref … --scp S` → `driverScp`. */
function prefixOf(noun: string, rest: string): string {
  const type =
    noun === 'pref'
      ? rest.includes('--scp')
        ? 'DriverScp'
        : 'DriverCustomer'
      : Object.values(definitions).find((definition) => definition.noun === noun)?.objectType;
  return type === undefined ? noun : type.charAt(0).toLowerCase() + type.slice(1);
}

const FLAG = /--([a-z][a-z-]*[a-z]|[a-z])/g;

/** What stands in backticks is somebody's own text, or done. */
const flagsOverHttp = (text: string): string =>
  text
    .split('`')
    .map((part, at) => (at % 2 === 1 ? part : part.replace(FLAG, (_all, flag: string) => fieldOf(flag))))
    .join('`');

const fields: Readonly<Record<string, string>> = {
  at: 'X-At',
  reason: 'X-Reason',
  key: 'internalKey',
  expires: 'expiresAt',
  dept: 'department',
  client: 'clientId',
};
const fieldOf = (flag: string): string => fields[flag] ?? camel(flag);
