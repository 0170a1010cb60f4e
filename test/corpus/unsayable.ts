/** A world that has no words on the command line. */
export class Unsayable extends Error {}

/** Why a case is not asked, with what stops whoever tries: {@link Unsayable}, or what the program refuses with. */
interface Reason {
  readonly because: string;
  readonly stoppedBy: RegExp;
}

const viewer: Reason = {
  because: 'whoever has the database at hand sees every department; groups come with access tokens',
  stoppedBy: /^no flag says who looks$/,
};
const nothing: Reason = {
  because: 'a record that defers holds INHERIT, never null',
  stoppedBy: /^a record holds no null here$/,
};

/** The cases that the command line cannot say, by decision and name: they stay with the pure functions. */
export const UNSAYABLE: ReadonlyMap<string, Reason> = new Map([
  ['booking: a department without a group is seen by everybody', viewer],
  ['booking: a department without a group is seen by an operator without groups', viewer],
  ["booking: an operator in the department's group sees it", viewer],
  ["booking: an operator outside the department's group does not see it", viewer],
  ['booking: an operator without groups does not see it', viewer],
  ['booking: what is not seen gives no reasons away', viewer],
  ['department: null defers as INHERIT does', nothing],
  ['department: null at the department: the account', nothing],
  [
    'booking: a link of another account that lists the department counts for nothing',
    {
      because: 'an employee lists departments of the own account only',
      stoppedBy: /belongs to another account/,
    },
  ],
  [
    "department: address and company are the department's where it has them",
    {
      because: '`other` is no country, IBAN or BIC; asked again in accounts.test.ts with values that are',
      stoppedBy: /--country/,
    },
  ],
]);
