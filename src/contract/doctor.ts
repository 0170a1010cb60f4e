import type { ObjectType } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import { idSchema, schema } from './fields.ts';
import { operation } from './operation.ts';

/** ERROR: something is decided wrongly or may be lost; WARNING: will be, or looks forgotten; INFO: worth a look. */
export type Severity = 'ERROR' | 'WARNING' | 'INFO';

/** A record that a finding is about. */
export interface FoundRecord {
  readonly objectType: ObjectType;
  readonly id: Id;
  readonly name: string;
  /** What is wrong with this one. */
  readonly detail: string;
  /** The command that mends it, or shows what to mend; what only a person can know is left out, and asked for. */
  readonly fix: string;
}

export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** How many records, or other things, it is about. */
  readonly count: number;
  /** The first ten. */
  readonly records: readonly FoundRecord[];
  /** The command that mends it, or the first of the records. */
  readonly fix: string;
}

/** What was looked at, and what was found (spec section 5, `doctor`). */
export interface Diagnosis {
  /** The severe first. */
  readonly findings: readonly Finding[];
  readonly checked: readonly string[];
  /** Nothing of WARNING or worse. */
  readonly ok: boolean;
}

/** The most records that a finding lists. */
export const MOST_LISTED = 10;

const SEVERITIES: readonly Severity[] = ['ERROR', 'WARNING', 'INFO'];

/** Puts findings in order: the severe first, else as they were found. */
export function diagnosis(findings: readonly Finding[], checked: readonly string[]): Diagnosis {
  return {
    findings: SEVERITIES.flatMap((severity) => findings.filter((one) => one.severity === severity)),
    checked,
    ok: findings.every((one) => one.severity === 'INFO'),
  };
}

/** Looks for what is wrong with the data, and changes nothing. */
export const doctorOperations = {
  'doctor.check': operation<Record<string, never>, Diagnosis>({
    summary: 'Look for what is wrong with the data, each finding with the command that mends it',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/doctor'] },
    input: schema((z) => z.strictObject({})),
    output: schema((z) =>
      z.strictObject({
        findings: z.array(
          z.strictObject({
            code: z.string(),
            severity: z.enum(['ERROR', 'WARNING', 'INFO']),
            message: z.string(),
            count: z.int().min(1),
            records: z
              .array(
                z.strictObject({
                  objectType: z.string(),
                  id: idSchema(z),
                  name: z.string(),
                  detail: z.string(),
                  fix: z.string(),
                }),
              )
              .max(MOST_LISTED),
            fix: z.string(),
          }),
        ),
        checked: z.array(z.string()),
        ok: z.boolean(),
      }),
    ),
    errors: ['INVALID', 'NOT_FOUND'],
  }),
};
