import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Program } from './program.ts';

it('programs that change profiles at once lose none of them', { timeout: 60_000 }, async () => {
  const program = new Program();
  const folder = join(program.folder, '.config', 'tph');
  // Left by a program that was killed.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'profiles.json.lock'), '');
  utimesSync(join(folder, 'profiles.json.lock'), 1, 1);
  const names = Array.from({ length: 10 }, (_one, index) => `p${index}`);
  await Promise.all(
    names.map((name) =>
      program.json('profile', 'add', name, '--url', `https://${name}.example.com`, '--client', 'G1'),
    ),
  );
  const listed = await program.json<{ name: string }[]>('profile', 'list');
  expect(listed.map(({ name }) => name).sort()).toEqual(names);
  await Promise.all(names.slice(1).map((name) => program.run(['profile', 'remove', name, '--yes'])));
  expect((await program.json<{ name: string }[]>('profile', 'list')).map(({ name }) => name)).toEqual(['p0']);
  expect(existsSync(join(folder, 'profiles.json'))).toBe(true);
  expect(readdirSync(folder)).toEqual(['profiles.json']);
});
