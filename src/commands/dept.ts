import { accountDepartment } from '../records/account-department.ts';
import { accountEmployee } from '../records/account-employee.ts';
import type { AnyRecord } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import type { BookingDecision } from '../resolver/booking.ts';
import type { DepartmentDecision } from '../resolver/department.ts';
import { explainBooking } from '../resolver/reasons.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { words } from '../terminal/plain.ts';
import { invalid } from '../values/error.ts';
import { changeAny } from './any-api.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import type { CommandContext, Register } from './context.ts';
import { effectiveText, levelName } from './dept-effective.ts';
import { answerChange, changeFields } from './record-answer.ts';

/** What departments can do beyond the six verbs (spec sections 4.3, 4.4 and 5). */
export const register: Register = (command, context) => {
  effective(command, context);
  canBook(command, context);
  addEmployee(command, context);
  deactivate(command, context);
};

const wantDepartment = (context: CommandContext, given: string | undefined, flag: string): Promise<string> =>
  context.need.reference(given, 'AccountDepartment', {
    flag,
    question: 'Which department?',
    example: 'QUILL/Litigation',
  });

const onDepartment = (command: TphCommand, name: string, description: string): TphCommand =>
  wantedArgument(
    command.command(name).description(description),
    'ref',
    'department, as ACCOUNT/Name or by id',
  );

interface EffectiveRow {
  readonly what: string;
  readonly value: unknown;
  readonly from: string | null;
}

function effective(command: TphCommand, context: CommandContext): void {
  onDepartment(command, 'effective', 'Say what is in force for a department, and which level decided it.')
    .option('--employee <ref>', 'also what this employee says, by id')
    .examples([
      'tph dept effective QUILL/Litigation',
      'tph dept effective QUILL/Litigation --employee G123 -o json',
    ])
    .action(async (given: string | undefined, { employee }: { employee?: string }) => {
      const ref = await wantDepartment(context, given, '<ref>');
      const input = { ref, ...(employee === undefined ? {} : { employee }) };
      const decision = await context.call('accountDepartment.effective', input);
      const rows = Object.entries(decision.effective).map(
        ([what, { value, from }]): EffectiveRow => ({ what, value, from }),
      );
      await context.answer({
        value: decision,
        rows,
        idOf: (row: EffectiveRow) => row.what,
        draw: (ink) => drawEffective(decision, rows, ink),
      });
    });
}

function drawEffective(
  { department }: DepartmentDecision,
  rows: readonly EffectiveRow[],
  ink: Ink,
): readonly Block[] {
  const columns: readonly Column<EffectiveRow>[] = [
    { name: 'what', whole: true, text: ({ what }) => words(what) },
    { name: 'value', text: ({ value }) => effectiveText(value) },
    { name: 'from', whole: true, text: ({ from }) => levelName(from) },
  ];
  const unset = rows.filter(({ from }) => from === null).map(({ what }) => words(what));
  return [
    `${ink.strong(`${department.account.ref}/${department.departmentName}`)} ${ink.dim(department.id)}`,
    table(
      columns,
      rows.filter(({ from }) => from !== null),
    ),
    ...(unset.length === 0 ? [] : [{ card: unset.map((what) => [what, null] as const) }]),
  ];
}

interface CanBookFlags {
  readonly employee?: string;
  readonly customer?: string;
  readonly dept?: string;
}

function canBook(command: TphCommand, context: CommandContext): void {
  command
    .command('can-book')
    .description('Say whether somebody may book on a department, and every reason why not.')
    .option('--employee <ref>', 'employee, by id')
    .option('--customer <ref>', 'customer, by phone, e-mail, name or id')
    .option('--dept <ref>', 'department, as ACCOUNT/Name or by id')
    .examples([
      'tph dept can-book --customer "020 910 0001" --dept QUILL/Litigation',
      'tph dept can-book --employee G123 --dept QUILL/Litigation --exit-code',
    ])
    .action(async (flags: CanBookFlags) => {
      if (flags.employee !== undefined && flags.customer !== undefined)
        throw invalid(
          'either an employee or a customer is asked about',
          'give one of --employee and --customer',
          [{ field: '--customer', message: 'given beside --employee' }],
        );
      const who = await whoAsks(context, flags);
      const ref = await wantDepartment(context, flags.dept, '--dept');
      const department = await context.call('accountDepartment.get', { ref }, { flags: { ref: '--dept' } });
      const decision = await context.call(
        'accountDepartment.canBook',
        { department: department.id, ...who.input },
        { flags: { department: '--dept' } },
      );
      if (!decision.allowed) context.answerIsNo();
      await context.answer({
        value: decision,
        columns: bookingColumns,
        idOf: () => department.id,
        draw: (ink) =>
          drawBooking(decision, who.name, displayName('AccountDepartment', { ...department }), ink),
      });
    });
}

async function whoAsks(context: CommandContext, flags: CanBookFlags) {
  if (flags.employee !== undefined) {
    const employee = await context.call(
      'accountEmployee.get',
      { ref: flags.employee },
      { flags: { ref: '--employee' } },
    );
    return { input: { employee: employee.id }, name: displayName('AccountEmployee', { ...employee }) };
  }
  const wanted = { flag: '--customer', question: 'Which customer?', example: '020 910 0001' };
  const ref = await context.need.reference(flags.customer, 'Customer', wanted);
  const customer = await context.call('customer.get', { ref }, { flags: { ref: '--customer' } });
  return { input: { customer: customer.id }, name: displayName('Customer', { ...customer }) };
}

const bookingColumns: readonly Column<never>[] = [
  { name: 'allowed' },
  { name: 'reasons', plain: ({ reasons }: BookingDecision) => reasons.map(({ code }) => code).join(';') },
  { name: 'authType', plain: ({ authType }: BookingDecision) => authType.value },
] satisfies readonly Column<BookingDecision>[];

function drawBooking(decision: BookingDecision, who: string, department: string, ink: Ink): readonly Block[] {
  const { allowed, reasons, authType } = decision;
  if (allowed)
    return [
      `${ink.good('yes')}: ${ink.strong(who)} may book on ${ink.strong(department)}, ${authType.value} (from ${levelName(authType.from)})`,
    ];
  return [
    `${ink.bad('no')}: ${ink.strong(who)} may not book on ${ink.strong(department)}`,
    ...reasons.map((reason) => `  ${explainBooking(reason)} ${ink.dim(`(${reason.code})`)}`),
  ];
}

function addEmployee(command: TphCommand, context: CommandContext): void {
  onDepartment(
    command,
    'add-employee',
    'Let a customer book on a department, making them an employee of its account where they are none yet.',
  )
    .option('--customer <ref>', 'customer, by phone, e-mail, name or id')
    .examples(['tph dept add-employee QUILL/Litigation --customer "020 910 0001"'])
    .action(async (given: string | undefined, flags: { customer?: string }) => {
      const ref = await wantDepartment(context, given, '<ref>');
      const wanted = { flag: '--customer', question: 'Which customer?', example: '020 910 0001' };
      const customer = await context.need.reference(flags.customer, 'Customer', wanted);
      await context.expectFields(changeFields(accountEmployee));
      const changed = await context.call('accountDepartment.addEmployee', { ref, customer });
      await answerChange(
        context,
        accountEmployee,
        changed.created ? 'create' : 'update',
        changed as typeof changed & AnyRecord,
      );
    });
}

function deactivate(command: TphCommand, context: CommandContext): void {
  onDepartment(
    command,
    'deactivate',
    'Take no more bookings on a department; `dept update --active` undoes it.',
  )
    .examples(['tph dept deactivate QUILL/Litigation --reason "cost centre closed"'])
    .action(async (given: string | undefined) => {
      await context.expectFields(changeFields(accountDepartment));
      const ref = await wantDepartment(context, given, '<ref>');
      await answerChange(
        context,
        accountDepartment,
        'update',
        await changeAny(context, 'accountDepartment', 'update', { ref, active: false }),
      );
    });
}
