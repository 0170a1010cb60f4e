// Checks the layer rules (scripts/layers/rules.mjs) over src/, or over the folder that is given.
import { relative, resolve } from 'node:path';
import { checkLayers } from './layers/check.mjs';
import { rules } from './layers/rules.mjs';
import { runScript } from './support/problem.mjs';
import { root } from './support/project.mjs';

await runScript(async () => {
  const folder = resolve(root, process.argv[2] ?? 'src');
  const violations = checkLayers(folder);
  for (const { rule, file, line, found } of violations) {
    const { says, why, instead } = rules[rule];
    const place = `${relative(root, folder) || '.'}/${file}:${line}`;
    process.stdout.write(
      `${place}  ${found}\n  rule     ${rule}: ${says}\n  because  ${why}\n  instead  ${instead}\n\n`,
    );
  }
  if (violations.length > 0)
    process.stdout.write(`${violations.length} broken layer rule${violations.length > 1 ? 's' : ''}\n`);
  return violations.length > 0 ? 1 : 0;
});
