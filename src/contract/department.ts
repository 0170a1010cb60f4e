import type { RecordOfType } from '../records/registry.ts';
import type { BookingDecision } from '../resolver/booking.ts';
import type { DepartmentDecision } from '../resolver/department.ts';
import type { Changed, RefInput } from './change.ts';
import { idSchema, schema } from './fields.ts';
import { operation, type Z } from './operation.ts';

export interface EffectiveInput extends RefInput {
  /** Also what this employee says; the department in general when left out. */
  readonly employee?: string | undefined;
}
export interface CanBookInput {
  readonly department: string;
  /** One of the two. */
  readonly employee?: string | undefined;
  readonly customer?: string | undefined;
}
export interface AddEmployeeInput extends RefInput {
  readonly customer: string;
}

const ref = (z: Z) => z.string().min(1).max(300);
const one = '/client/{clientId}/accountdepartment/{accountdepartmentId}';
const inForce = (z: Z) =>
  z.strictObject({
    value: z.unknown(),
    from: z.enum(['EMPLOYEE', 'DEPARTMENT', 'ACCOUNT', 'CLIENT']).nullable(),
  });

/** What departments can do beyond the six verbs (spec sections 4.3, 4.4 and 5). */
export const departmentOperations = {
  'accountDepartment.effective': operation<EffectiveInput, DepartmentDecision>({
    summary: 'Say what is in force for a department, and which level decided it',
    writes: false,
    http: { method: 'GET', paths: [`${one}/effective`] },
    input: schema((z) => z.strictObject({ ref: ref(z), employee: ref(z).optional() })),
    output: schema((z) =>
      z.strictObject({
        department: z.looseObject({ id: idSchema(z) }),
        effective: z.record(z.string(), inForce(z)),
      }),
    ),
    errors: ['NOT_FOUND', 'CONFLICT', 'INVALID'],
  }),
  'accountDepartment.canBook': operation<CanBookInput, BookingDecision>({
    summary: 'Say whether somebody may book on a department, and every reason why not',
    writes: false,
    http: {
      method: 'GET',
      paths: [`${one}/canbook`],
      params: {
        accountdepartmentId: { to: 'input', field: 'department', type: 'AccountDepartment' },
      },
    },
    input: schema((z) =>
      z.strictObject({ department: ref(z), employee: ref(z).optional(), customer: ref(z).optional() }),
    ),
    output: schema((z) =>
      z.strictObject({
        allowed: z.boolean(),
        reasons: z.array(z.looseObject({ code: z.string() })),
        authType: inForce(z),
      }),
    ),
    errors: ['NOT_FOUND', 'CONFLICT', 'INVALID'],
  }),
  'accountDepartment.addEmployee': operation<AddEmployeeInput, Changed<RecordOfType<'AccountEmployee'>>>({
    summary: 'Let a customer book on a department, making them an employee of its account where needed',
    writes: true,
    http: { method: 'POST', paths: [`${one}/accountemployee`] },
    input: schema((z) => z.strictObject({ ref: ref(z), customer: ref(z) })),
    output: schema((z) => z.looseObject({ id: idSchema(z), changed: z.boolean() })),
    errors: ['NOT_FOUND', 'CONFLICT', 'INVALID'],
  }),
};
