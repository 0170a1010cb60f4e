import { countOf, type ErrorDetail, fewDetails, TphError } from '../values/error.ts';

/** Everything wrong with an input as one error; its code is that of the gravest: invalid, not found, ambiguous. */
export function refusal(
  problems: readonly ErrorDetail[],
  unresolved: readonly TphError[],
): TphError | undefined {
  const all = [...problems, ...unresolved.flatMap((error) => error.details)];
  const details = fewDetails(
    all.filter(({ untold }) => untold === undefined),
    countOf(all.filter(({ untold }) => untold !== undefined)),
  );
  const [first] = details;
  if (first === undefined) return undefined;
  const codes = new Set(unresolved.map((error) => error.code));
  if (problems.length > 0) codes.add('INVALID');
  const code = (['INVALID', 'NOT_FOUND'] as const).find((one) => codes.has(one)) ?? 'CONFLICT';
  const hint = first.hint ?? unresolved[0]?.hint;
  const message =
    details.length === 1 ? first.message : `${first.message} (and ${countOf(details) - 1} more)`;
  return new TphError(code, message, { ...(hint === undefined ? {} : { hint }), details });
}
