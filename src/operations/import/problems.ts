import { type ErrorDetail, TphError } from '../../values/error.ts';

/** What a refusal says of a row: each detail with the code of the error. */
export function detailsOf(error: TphError, instead?: ErrorDetail): readonly ErrorDetail[] {
  const details =
    error.details.length > 0
      ? error.details
      : [instead ?? { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }];
  // The way out of a single problem is the error's: how to consent, or which records a text fits.
  const hint = details.length === 1 && error.hint !== undefined ? { hint: error.hint } : {};
  return details.map((detail) => ({ code: error.code, ...hint, ...detail }));
}

/** Runs a rule of the kind; what it refuses is the row's, anything else is nobody's. */
export async function refusalsOf(rule: () => Promise<void>): Promise<readonly ErrorDetail[]> {
  try {
    await rule();
    return [];
  } catch (error) {
    if (error instanceof TphError) return detailsOf(error);
    throw error;
  }
}

/** Whoever may not see a department does not learn of it. */
export const inTheWay: ErrorDetail = {
  code: 'CONFLICT',
  message: 'something that you may not see stands in the way',
  hint: 'ask an administrator',
};
