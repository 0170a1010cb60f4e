import type { OperationName } from '../contract/api.ts';
import { operationPrefix } from '../contract/names.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { type Field, isCollection } from '../records/field.ts';
import { kebab, singular } from '../records/names.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import { type ErrorDetail, TphError } from '../values/error.ts';
import type { TphCommand } from './command.ts';

/** The flag of a field without dashes: its own, or its name in kebab case, in the singular where it repeats. */
export const flagName = (name: string, field: Field): string =>
  field.flag ?? kebab(isCollection(field) ? singular(name) : name);

/** An error of an operation in the words of the command line: fields become the flags or arguments that gave them. */
export function inFlags(
  error: TphError,
  operation: OperationName,
  command: TphCommand,
  own: Readonly<Record<string, string>> = {},
): TphError {
  const definition = kindOf(operation);
  const details = error.details.map((detail) => {
    const flag =
      detail.field === undefined
        ? undefined
        : (own[detail.field] ?? flagOf(detail.field, definition, command));
    return flag === undefined ? detail : renamed(detail, flag);
  });
  const index = error.details.findIndex(
    (detail) => detail.message === error.message || error.message.startsWith(`${detail.message} (and `),
  );
  const [before, after] = [error.details[index], details[index]];
  const message =
    before === undefined || after === undefined
      ? error.message
      : error.message.replace(before.message, () => after.message);
  const hint =
    before !== undefined && after !== undefined && before.hint === error.hint ? after.hint : error.hint;
  const inWords = (text: string) => fieldsAsFlags(text, definition, command);
  return new TphError(error.code, inWords(message), {
    details: details.map((detail) => ({
      ...detail,
      message: inWords(detail.message),
      ...(detail.hint === undefined ? {} : { hint: inWords(detail.hint) }),
    })),
    cause: error,
    ...(hint === undefined ? {} : { hint: inWords(hint) }),
  });
}

/** `lies before startDay` → `lies before --start`; what stands in backticks is the person's own and stays. */
function fieldsAsFlags(text: string, definition: RecordDefinition | undefined, command: TphCommand): string {
  return text
    .split('`')
    .map((part, index) => {
      if (index % 2 === 1) return part;
      return part.replace(/\b[a-z]+[A-Z]\w*/g, (name) =>
        definition?.fields[name] === undefined ? name : (flagOf(name, definition, command) ?? name),
      );
    })
    .join('`');
}

/** The kind that an operation is about: `driverScp.update` → DriverScp. */
export function kindOf(operation: OperationName): RecordDefinition | undefined {
  const type = objectTypes.find((one) => operation.startsWith(`${operationPrefix(one)}.`));
  return type === undefined ? undefined : definitionOf(type);
}

/** `expiresAt` → `--expires`; `tripSegments[0].scps` → `--scp`; `callsign` → `<callsign>` where that is an argument. */
function flagOf(
  path: string,
  definition: RecordDefinition | undefined,
  command: TphCommand,
): string | undefined {
  if (path.startsWith('--')) return path;
  const [outer = '', inner] = path.replace(/\[\d+\]/g, '').split('.');
  const field = definition?.fields[outer];
  const innerField = field?.kind === 'items' && inner !== undefined ? field.fields[inner] : undefined;
  const candidates = [
    ...(inner !== undefined && innerField !== undefined ? [flagName(inner, innerField)] : []),
    ...(field === undefined ? [] : [flagName(outer, field)]),
    ...(outer === 'internalKey' ? ['key'] : []),
    kebab(outer),
  ];
  const argument = command.registeredArguments.find((one) => one.name() === outer);
  if (argument !== undefined) return `<${argument.name()}>`;
  const found = candidates.find((name) => command.options.some((option) => option.long === `--${name}`));
  return found === undefined ? undefined : `--${found}`;
}

/** Operations begin a message with the field's name where it is about its value. */
function renamed(detail: ErrorDetail, flag: string): ErrorDetail {
  const { field, message, hint } = detail;
  const own = field !== undefined && (message === field || message.startsWith(`${field} `));
  return {
    ...detail,
    flag,
    message: own ? flag + message.slice(field.length) : message,
    ...(hint === undefined || field === undefined
      ? {}
      : { hint: hint.replace(`give ${field}`, `give ${flag}`) }),
  };
}
