import type { CsvKind } from '../contract/bulk.ts';
import { template } from '../csv/template.ts';
import { write } from '../terminal/stream.ts';
import type { CommandContext } from './context.ts';

/** `--template`: a header and an example row. */
export async function printTemplate(kind: CsvKind, { host }: CommandContext): Promise<void> {
  await write(host.stdout, template(kind));
}
