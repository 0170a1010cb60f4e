import type { ActiveClient, OperationName } from '../contract/api.ts';
import { operationTable } from '../contract/http.ts';
import { hiddenFromApps } from '../contract/roles.ts';
import { quote, TphError } from '../values/error.ts';
import { clean } from './clean.ts';

type ZodType = import('zod').ZodType;
type Issue = import('zod').core.$ZodIssue;
const schemas = new Map<OperationName, ZodType>();

/**
 * What an instance answered, once it is what the contract says. What the token's role may not see is left out of
 * answers: such fields come back as null. Throws UNAVAILABLE otherwise, naming the place: most likely the instance
 * runs another version.
 */
export async function validOutput(
  name: OperationName,
  output: unknown,
  { client, url, programVersion }: { client: ActiveClient; url: string; programVersion: string },
): Promise<unknown> {
  const schema = await schemaOf(name);
  const first = schema.safeParse(output);
  if (first.success) return output;
  const filled = first.error.issues.every(isHidden) ? withHidden(output, first.error.issues, client) : output;
  const second = filled === output ? first : schema.safeParse(filled);
  if (second.success) return filled;
  const [issue] = second.error.issues;
  const place = (issue?.path ?? [])
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  const what = clean(`${place.replace(/^\./, '')}${place === '' ? '' : ': '}${issue?.message ?? ''}`);
  throw new TphError(
    'UNAVAILABLE',
    `what ${url} answers to ${quote(name)} is not what it should be: ${what}`,
    {
      hint: `the instance may run another version than this program, which is ${programVersion}`,
      details: second.error.issues
        .slice(0, 20)
        .map(({ path, message }) => ({ message: clean(message), path: path.map(String).join('.') })),
    },
  );
}

/** The schema library is the heaviest thing here: loaded with the first answer. */
async function schemaOf(name: OperationName): Promise<ZodType> {
  const known = schemas.get(name);
  if (known !== undefined) return known;
  const made = (operationTable[name] as (typeof operationTable)[string]).output(await import('zod'));
  schemas.set(name, made);
  return made;
}

const isHidden = (issue: Issue): boolean =>
  issue.code === 'invalid_type' && issue.input === undefined && hiddenFromApps.has(String(issue.path.at(-1)));

function withHidden(output: unknown, issues: readonly Issue[], client: ActiveClient): unknown {
  const filled = structuredClone(output);
  for (const { path } of issues) {
    let at = filled as Record<PropertyKey, unknown> | undefined;
    for (const step of path.slice(0, -1)) at = at?.[step] as typeof at;
    const name = path.at(-1) as string;
    if (typeof at === 'object' && at !== null && !Object.hasOwn(at, name))
      at[name] = name === 'clientId' ? client.id : null;
  }
  return filled;
}
