import { ROLES, type Role, type Token } from '../contract/token.ts';
import { type Column, table } from '../terminal/answer.ts';
import { formatInstant, isoInstant } from '../values/instant.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import { takesOneOf } from './completion-values.ts';
import type { CommandContext, Register } from './context.ts';

/** `tph token create|list|revoke`: who may use the server (spec section 6). */
export const register: Register = (command, context) => {
  create(command, context);
  list(command, context);
  revoke(command, context);
};

interface CreateFlags {
  readonly role?: string;
  readonly group?: readonly string[];
  readonly driver?: string;
  readonly customer?: string;
  readonly expires?: string;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function create(command: TphCommand, context: CommandContext): void {
  const made = command
    .command('create')
    .alias('add')
    .description('Make a token. Its secret is printed this once.');
  takesOneOf(made, '--role', ROLES);
  wantedArgument(made, 'name', 'who bears it; the actor in the audit trail')
    .option('--role <role>', `what it may do: ${ROLES.join(', ')}`)
    .option('--group <ref>', 'ACL group whose departments an OPERATOR sees (repeatable)', collect)
    .option('--driver <ref>', 'whose rows a DRIVER_APP reads')
    .option('--customer <ref>', 'whose rows a CUSTOMER_APP reads')
    .option('--expires <when>', 'when it ends, such as +90d; never when left out')
    .examples([
      'tph token create admin --role ADMIN',
      'tph token create dispatch --role OPERATOR --group NIGHT --expires +90d',
      'tph token create d11-phone --role DRIVER_APP --driver D11',
    ])
    .action(async (given: string | undefined, flags: CreateFlags) => {
      const name = await context.need.text(given, {
        flag: '<name>',
        question: 'Who bears the token?',
        example: 'dispatch',
      });
      const text = await context.need.choice(flags.role, {
        flag: '--role',
        question: 'What may it do?',
        choices: ROLES,
      });
      const role: Role = context.choice(text, '--role', ROLES);
      const expiresAt =
        flags.expires === undefined
          ? null
          : await context.instantOrNone(flags.expires, '--expires', 'through');
      const made = await context.call(
        'token.create',
        {
          name,
          role,
          ...(flags.group === undefined ? {} : { groups: flags.group }),
          ...(flags.driver === undefined ? {} : { driver: flags.driver }),
          ...(flags.customer === undefined ? {} : { customer: flags.customer }),
          ...(expiresAt === null ? {} : { expiresAt }),
        },
        { flags: { name: '<name>', groups: '--group', expiresAt: '--expires' } },
      );
      const { timeZone } = await context.clock();
      await context.answer({
        value: made,
        columns: columnsFor(timeZone) as readonly Column<never>[],
        fields: FIELDS,
        draw: (ink) => [
          `${context.globals.dryRun ? 'would make' : 'made'} the ${made.role} token ${ink.strong(made.name)}`,
          ...(made.token === undefined ? [] : [made.token]),
        ],
      });
      if (context.globals.dryRun) context.answerIsNo();
      else await context.note('keep the token now: only its hash is stored, and it is never shown again');
    });
}

function list(command: TphCommand, context: CommandContext): void {
  command
    .command('list')
    .alias('ls')
    .description('List the tokens that can be used, without their secrets.')
    .option('--all', 'expired and revoked ones too')
    .examples(['tph token list', 'tph token list --all -o json'])
    .action(async (flags: { readonly all?: true }) => {
      const { items } = await context.call('token.list', flags.all === true ? { all: true } : {});
      const { timeZone } = await context.clock();
      await context.answer({
        value: items,
        columns: columnsFor(timeZone) as readonly Column<never>[],
        fields: FIELDS,
        draw: () => (items.length === 0 ? [] : [table(columnsFor(timeZone), items)]),
      });
      if (items.length === 0) await context.note('no tokens; make one with `tph token create`');
    });
}

function revoke(command: TphCommand, context: CommandContext): void {
  wantedArgument(
    command
      .command('revoke')
      .alias('rm')
      .description('Revoke a token: it is refused from the next request on.'),
    'token',
    'its name or id',
  )
    .examples(['tph token revoke dispatch'])
    .action(async (given: string | undefined) => {
      const ref = await context.need.text(given, {
        flag: '<token>',
        question: 'Which token?',
        example: 'dispatch',
      });
      const token = await context.call('token.revoke', { ref }, { flags: { ref: '<token>' } });
      const { timeZone } = await context.clock();
      const did = context.globals.dryRun ? 'would revoke' : 'revoked';
      await context.answer({
        value: token,
        columns: columnsFor(timeZone) as readonly Column<never>[],
        fields: FIELDS,
        draw: (ink) => [
          token.changed
            ? `${did} the token ${ink.strong(token.name)}`
            : `the token ${ink.strong(token.name)} was revoked before`,
        ],
      });
    });
}

const FIELDS: readonly string[] = [
  'id',
  'name',
  'role',
  'groups',
  'driver',
  'customer',
  'state',
  'expiresAt',
  'revokedAt',
  'createdDate',
  'createdBy',
  'token',
  'changed',
];

const labelled = (reference: Token['driver'], label: string): string =>
  reference === null ? '' : String(reference[label] ?? reference.id);

/** How people call whoever the rows belong to: by name and handle, or what there is of both. */
function nameOf(reference: NonNullable<Token['driver']>, handle: string): string {
  const name = [reference['firstName'], reference['lastName']].filter((part) => part).join(' ');
  const called = reference[handle];
  if (name === '') return labelled(reference, handle);
  return called ? `${name} (${String(called)})` : name;
}

function forWhom(token: Token): string {
  if (token.driver !== null) return `driver ${nameOf(token.driver, 'callsign')}`;
  if (token.customer !== null) return `customer ${nameOf(token.customer, 'phone')}`;
  return token.groups.map((group) => labelled(group, 'code')).join(', ');
}

const columnsFor = (timeZone: string): readonly Column<Token>[] => [
  { name: 'name' },
  { name: 'role', whole: true },
  { name: 'for', text: forWhom, plain: forWhom },
  { name: 'state', whole: true },
  {
    name: 'expiresAt',
    title: 'expires',
    whole: true,
    text: ({ expiresAt }) => (expiresAt === null ? '' : formatInstant(expiresAt, timeZone)),
    plain: ({ expiresAt }) => (expiresAt === null ? '' : isoInstant(expiresAt, timeZone)),
  },
  { name: 'createdBy', title: 'made by' },
  { name: 'id', whole: true },
];
