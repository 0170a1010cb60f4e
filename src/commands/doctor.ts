import type { DatabaseAdmin } from '../contract/database.ts';
import {
  type Diagnosis,
  diagnosis,
  type Finding,
  type FoundRecord,
  type Severity,
} from '../contract/doctor.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { wrap } from '../terminal/text.ts';
import { TphError } from '../values/error.ts';
import type { CommandContext, Register } from './context.ts';
import { suggested } from './suggested.ts';
import { counted } from './words.ts';

/** What was not looked at, and why. */
interface Skipped {
  readonly what: 'database' | 'data';
  readonly why: string;
}
type Report = Diagnosis & { readonly skipped: readonly Skipped[] };

/** What is wrong with the data or the database, each with the command that mends it (spec section 5). */
export const register: Register = (command, context) => {
  command
    .description(
      'What is wrong with the data or the database, and how to mend it. Changes nothing. With --exit-code it ends with 8 where there is a warning or an error; with -q it prints nothing where nothing is found.',
    )
    .examples([
      'tph doctor',
      'tph doctor --exit-code -q',
      'tph doctor -o json --fields code,severity,count,fix',
      'tph doctor --profile live',
    ])
    .action(async () => {
      await context.expectFields(columns.map(({ name }) => name));
      const report = await examine(context);
      if (!report.ok) context.answerIsNo();
      const { fields, quiet, output } = context.globals;
      // So that cron, which mails whatever is printed, mails findings only.
      if (quiet && output === 'table' && report.findings.length === 0) return;
      await context.answer({
        value: fields === undefined ? report : report.findings,
        rows: report.findings,
        columns: columns as readonly Column<never>[],
        fields: columns.map(({ name }) => name),
        idOf: (finding: Finding) => finding.code,
        draw: (ink) => draw(report, ink),
      });
    });
};

const columns: readonly Column<Finding>[] = [
  { name: 'code' },
  { name: 'severity' },
  { name: 'count', text: ({ count }) => String(count) },
  { name: 'message' },
  { name: 'records', text: ({ records }) => records.map(({ id }) => id).join(' ') },
  { name: 'fix' },
];

async function examine(context: CommandContext): Promise<Report> {
  const skipped: Skipped[] = [];
  const done: Diagnosis[] = [];
  const admin = await databaseAtHand(context);
  let usable = true;
  if (admin instanceof TphError)
    skipped.push({ what: 'database', why: 'the data is on an instance reached over HTTP: run it there' });
  else {
    const own = await admin.doctor();
    done.push(own);
    usable = own.usable;
  }
  // Opening an older database would migrate it.
  if (usable) done.push(await context.call('doctor.check', {}));
  else skipped.push({ what: 'data', why: 'the database has to be mended first' });
  const all = diagnosis(
    done.flatMap(({ findings }) => findings),
    done.flatMap(({ checked }) => checked),
  );
  return { ...all, findings: all.findings.map((one) => whereAsked(one, context)), skipped };
}

/** Its commands work on the data that was looked at. */
const whereAsked = (finding: Finding, { globals }: CommandContext): Finding => ({
  ...finding,
  fix: suggested(finding.fix, globals),
  records: finding.records.map((record) => ({ ...record, fix: suggested(record.fix, globals) })),
});

/** The database as a whole; the refusal where the data is on a remote instance. */
async function databaseAtHand(context: CommandContext): Promise<DatabaseAdmin | TphError> {
  try {
    return await context.admin();
  } catch (error) {
    if (error instanceof TphError && error.details.some(({ field }) => field === '--profile')) return error;
    throw error;
  }
}

const WORDS: Readonly<Record<Severity, readonly [one: string, several: string]>> = {
  ERROR: ['error', 'errors'],
  WARNING: ['warning', 'warnings'],
  INFO: ['note', 'notes'],
};

function draw({ findings, checked, skipped }: Report, ink: Ink): Block[] {
  const left = skipped.map(({ what, why }) => ink.dim(`not looked at: the ${what}; ${why}`));
  const looked = ink.dim(`looked at: ${checked.join(', ')}`);
  const [first] = findings;
  if (first === undefined)
    return [
      `${ink.good('nothing found')}`,
      ...lines(looked, ink),
      ...left.flatMap((line) => lines(line, ink)),
    ];
  const counts = (Object.keys(WORDS) as Severity[]).flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [counted(count, ...WORDS[severity])];
  });
  return [
    `${ink.strong(counted(findings.length, 'finding'))}: ${counts.join(', ')}`,
    '',
    table(
      [
        { name: 'severity', whole: true, text: (one: Finding) => severityInk(ink, one.severity) },
        { name: 'message', title: 'found' },
        { name: 'code', whole: true },
      ],
      findings,
    ),
    ...findings.flatMap((one) => ['', ...details(one, ink)]),
    '',
    ...left.flatMap((line) => lines(line, ink)),
    ...nextLines(findings, ink),
  ];
}

/** The first command; where more are needed, what else there is. */
function nextLines(findings: readonly Finding[], ink: Ink): readonly string[] {
  const [first] = findings;
  if (first === undefined) return [];
  const fixes = new Set(
    findings.flatMap(({ fix, records }) => [fix, ...records.map((record) => record.fix)]),
  );
  const more = fixes.size - 1;
  const others = `then the other ${more === 1 ? 'command' : `${more} commands`} above`;
  return [`${ink.dim('next:')} ${first.fix}`, ...(more === 0 ? [] : [ink.dim(`      ${others}`)])];
}

const severityInk = (ink: Ink, severity: Severity): string =>
  ({ ERROR: ink.bad, WARNING: ink.warn, INFO: ink.dim })[severity](severity);

const lines = (text: string, ink: Ink): string[] => wrap(text, ink.width);

/** Each record with what mends it; a command stands on a line of its own, so that it can be copied. */
function details({ code, records, count, fix }: Finding, ink: Ink): string[] {
  const more = count - records.length;
  const mendsAll = records.every((record) => record.fix === fix);
  return [
    ink.strong(code),
    ...records.flatMap((record) => recordLines(record, mendsAll ? undefined : record.fix, ink)),
    ...(records.length > 0 && more > 0 ? [ink.dim(`  and ${more} more`)] : []),
    ...(mendsAll ? [`    ${fix}`] : []),
  ];
}

function recordLines({ name, detail }: FoundRecord, fix: string | undefined, ink: Ink): string[] {
  const said = wrap(`${name}: ${detail}`, ink.width - 4);
  return [
    ...said.map((line, index) => `${index === 0 ? '  ' : '    '}${line}`),
    ...(fix === undefined ? [] : [`    ${fix}`]),
  ];
}
