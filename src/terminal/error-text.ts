import type { ErrorDetail, TphError } from '../values/error.ts';
import type { Ink } from './answer.ts';
import { visibleLine } from './visible.ts';

/** An error as a program reads it: one object on one line. */
export function errorJson({ code, message, hint, details }: TphError): string {
  return `${JSON.stringify({ error: { code, message, hint: hint ?? null, details } })}\n`;
}

/**
 * An error as a person reads it: what went wrong, each wrong value where there are several, what to do. `where` says what
 * failed, for whoever finds the text in a mail and not below the command.
 */
export function errorText(error: TphError, ink: Ink, where?: string): string {
  const problems = [...new Map(error.details.map((detail) => [detail.message, detail])).values()];
  const [first, another] = problems;
  const several = first !== undefined && another !== undefined;
  const headline =
    several && error.message.startsWith(first.message)
      ? `there are ${problems.length} problems`
      : visibleLine(error.message);
  const isHintAbove = several && problems.some((problem) => problem.hint === error.hint);
  const lines = [
    `${ink.bad('error:')} ${where === undefined ? '' : `${visibleLine(where)}: `}${headline}`,
    ...(several ? problems.map((problem) => `  ${visibleLine(detailText(problem))}`) : []),
    ...(error.hint === undefined || isHintAbove ? [] : [`${ink.accent('hint:')} ${visibleLine(error.hint)}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function detailText({ flag, field, message, hint }: ErrorDetail): string {
  const place = flag ?? field;
  const named = typeof place === 'string' && !message.startsWith(place) ? `${place}: ${message}` : message;
  return hint === undefined ? named : `${named} (${hint})`;
}
