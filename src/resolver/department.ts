import type { addressFields, companyFields } from '../records/shared-fields.ts';
import type { Id } from '../values/id.ts';
import {
  type AuthType,
  type AuthTypeChoice,
  type InForce,
  inherited,
  type MaybeInForce,
  type MergePreference,
  type MergePreferenceChoice,
} from './inheritance.ts';

/** The company and address fields that a department takes over from its account one by one. */
export type DetailField = keyof typeof addressFields | keyof typeof companyFields;
export type Details = { readonly [F in DetailField]: string | null };

/** What a department and its account may each say. */
interface OwnValues {
  readonly authType: AuthTypeChoice | null;
  readonly mergePreference: MergePreferenceChoice | null;
  /** Codes of capabilities. */
  readonly clientCapabilities: readonly string[];
  /** An empty text is no value. */
  readonly details: Details;
}

export interface DepartmentFacts {
  readonly department: OwnValues & { readonly id: Id; readonly departmentName: string };
  readonly account: OwnValues & { readonly id: Id; readonly ref: string };
  /** The employee asked about; null: the department in general. */
  readonly employee: {
    readonly authType: AuthTypeChoice | null;
    readonly mergePreference: MergePreferenceChoice | null;
  } | null;
  /** The client's settings `account.authType` and `account.mergePreference`. */
  readonly settings: { readonly authType: AuthType; readonly mergePreference: MergePreference };
}

export type EffectiveDetails = { readonly [F in DetailField]: MaybeInForce<string> };

/** The answer of spec section 4.3: every value with the level that decided it. */
export interface DepartmentDecision {
  readonly department: {
    readonly id: Id;
    readonly departmentName: string;
    readonly account: { readonly id: Id; readonly ref: string };
  };
  readonly effective: {
    readonly authType: InForce<AuthType>;
    readonly mergePreference: InForce<MergePreference>;
    /** Sorted; empty, from null, where neither level has any. */
    readonly clientCapabilities: {
      readonly value: readonly string[];
      readonly from: 'DEPARTMENT' | 'ACCOUNT' | null;
    };
  } & EffectiveDetails;
}

/** What is in force for a department, or for one of its employees (spec section 4.3). */
export function decideDepartment({
  department,
  account,
  employee,
  settings,
}: DepartmentFacts): DepartmentDecision {
  return {
    department: {
      id: department.id,
      departmentName: department.departmentName,
      account: { id: account.id, ref: account.ref },
    },
    effective: {
      authType: inherited<AuthType>(
        [
          { from: 'EMPLOYEE', value: employee?.authType ?? null },
          { from: 'DEPARTMENT', value: department.authType },
          { from: 'ACCOUNT', value: account.authType },
        ],
        settings.authType,
      ),
      mergePreference: inherited<MergePreference>(
        [
          { from: 'EMPLOYEE', value: employee?.mergePreference ?? null },
          { from: 'DEPARTMENT', value: department.mergePreference },
          { from: 'ACCOUNT', value: account.mergePreference },
        ],
        settings.mergePreference,
      ),
      clientCapabilities: capabilitiesInForce(department.clientCapabilities, account.clientCapabilities),
      ...detailsInForce(department.details, account.details),
    },
  };
}

function capabilitiesInForce(own: readonly string[], parents: readonly string[]) {
  const from = own.length > 0 ? 'DEPARTMENT' : parents.length > 0 ? 'ACCOUNT' : null;
  return { value: [...new Set(from === 'DEPARTMENT' ? own : parents)].sort(), from } as const;
}

function detailsInForce(own: Details, parents: Details): EffectiveDetails {
  const detail = (field: DetailField): MaybeInForce<string> => {
    const value = own[field];
    if (hasText(value)) return { value, from: 'DEPARTMENT' };
    const parent = parents[field];
    return hasText(parent) ? { value: parent, from: 'ACCOUNT' } : { value: null, from: null };
  };
  const fields = Object.keys(parents) as DetailField[];
  return Object.fromEntries(fields.map((field) => [field, detail(field)])) as EffectiveDetails;
}

function hasText(value: string | null): value is string {
  return value !== null && value.trim() !== '';
}
