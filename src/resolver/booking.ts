import { compareIds, type Id } from '../values/id.ts';
import { type AuthType, type AuthTypeChoice, type InForce, inherited } from './inheritance.ts';
import type { BookingCode, BookingReason } from './reasons.ts';

/** A customer's link to an account. */
export interface EmployeeLink {
  readonly id: Id;
  readonly account: Id;
  /** The departments that the link lists. */
  readonly departments: readonly Id[];
  readonly active: boolean;
  readonly deleted: boolean;
  readonly authType: AuthTypeChoice | null;
}

export interface BookingFacts {
  readonly department: {
    readonly id: Id;
    readonly account: Id;
    readonly active: boolean;
    readonly deleted: boolean;
    /** The ACL group that sees the department; null: everybody does. */
    readonly primaryGroup: Id | null;
    readonly authType: AuthTypeChoice | null;
  };
  /** The department's account. */
  readonly account: {
    readonly id: Id;
    readonly active: boolean;
    readonly deleted: boolean;
    readonly authType: AuthTypeChoice | null;
  };
  /** One link (asked by employee), or every link of a customer, deleted ones included, in any order. */
  readonly who:
    | { readonly by: 'EMPLOYEE'; readonly link: EmployeeLink }
    | { readonly by: 'CUSTOMER'; readonly links: readonly EmployeeLink[] };
  /** The ACL groups of whoever asks; null sees every department. */
  readonly viewerGroups: readonly Id[] | null;
  /** The client's setting `account.authType`. */
  readonly settings: { readonly authType: AuthType };
}

/** The answer of spec section 4.4. */
export interface BookingDecision {
  readonly allowed: boolean;
  /** Every reason that holds, in the order of the codes; empty when allowed. */
  readonly reasons: readonly BookingReason[];
  /** How the booker proves who they are; a link to another account has no say in it. */
  readonly authType: InForce<AuthType>;
}

/** Whether an operator sees a department (spec section 4.4); `viewerGroups` null sees all. */
export function departmentVisibleTo(
  department: { readonly primaryGroup: Id | null },
  viewerGroups: readonly Id[] | null,
): boolean {
  return (
    viewerGroups === null ||
    department.primaryGroup === null ||
    viewerGroups.includes(department.primaryGroup)
  );
}

/**
 * Whether somebody may book on a department, and every reason why not (spec section 4.4). undefined where
 * whoever asks does not see the department: to them there is none.
 */
export function decideBooking(facts: BookingFacts): BookingDecision | undefined {
  const { department, account, settings } = facts;
  if (!departmentVisibleTo(department, facts.viewerGroups)) return undefined;
  const link = judgedLink(facts);
  const own = link?.account === department.account ? link : undefined;
  const holds: readonly (readonly [boolean, BookingCode])[] = [
    [!account.active || account.deleted, 'ACCOUNT_INACTIVE'],
    [!department.active || department.deleted, 'DEPARTMENT_INACTIVE'],
    [link !== undefined && (!link.active || link.deleted), 'EMPLOYEE_INACTIVE'],
    [link === undefined, 'NOT_AN_EMPLOYEE'],
    [link !== undefined && own === undefined, 'OTHER_ACCOUNT'],
    [link !== undefined && own?.departments.includes(department.id) !== true, 'NOT_IN_DEPARTMENT'],
  ];
  const reasons = holds.flatMap(([held, code]) => (held ? [{ code }] : []));
  return {
    allowed: reasons.length === 0,
    reasons,
    authType: inherited<AuthType>(
      [
        { from: 'EMPLOYEE', value: own?.authType ?? null },
        { from: 'DEPARTMENT', value: department.authType },
        { from: 'ACCOUNT', value: account.authType },
      ],
      settings.authType,
    ),
  };
}

/**
 * The link that decides for a customer: one of the department's account, even a deleted one; failing that, a live
 * one elsewhere. Among several the one that allows the most, then the lowest id.
 */
function judgedLink({ who, department }: BookingFacts): EmployeeLink | undefined {
  if (who.by === 'EMPLOYEE') return who.link;
  const isOwn = (link: EmployeeLink) => link.account === department.account;
  return who.links
    .filter((link) => isOwn(link) || !link.deleted)
    .sort(
      (a, b) =>
        Number(isOwn(b)) - Number(isOwn(a)) ||
        Number(a.deleted) - Number(b.deleted) ||
        Number(b.active) - Number(a.active) ||
        Number(b.departments.includes(department.id)) - Number(a.departments.includes(department.id)) ||
        compareIds(a.id, b.id),
    )[0];
}
