import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { finished, Program } from './program.ts';

const bin = fileURLToPath(new URL('../../bin/tph.js', import.meta.url));
const has = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

/** Names that no shell takes as they are. */
const AWKWARD = ['St. Mary\'s & Co: $5 `x` \\ "y" *', 'Bad Weather'];

/** A database with awkward names, and `tph` on the path. */
async function installed(): Promise<Program & { readonly path: string }> {
  const program = new Program();
  const host = { cwd: program.folder, env: { HOME: program.folder, TPH_DB: program.db } };
  for (const words of [
    ['init', '--name', 'Liffey Cars', '--time-zone', 'Europe/Dublin', '--country', 'IE'],
    ...AWKWARD.map((name) => ['exclusion', 'create', name]),
    ['driver', 'create', 'D7', '--first-name', 'Ann', '--last-name', "O'Neill"],
    ['driver', 'create', 'D11'],
  ])
    expect(await run(['node', 'tph', ...words], testHost(host))).toBe(0);
  const folder = join(program.folder, 'bin');
  mkdirSync(folder);
  symlinkSync(bin, join(folder, 'tph'));
  return Object.assign(program, { path: `${folder}:${process.env['PATH']}` });
}

/** Runs a script in a shell, in the folder of the program. */
async function inShell(
  program: Program & { readonly path: string },
  shell: string,
  flags: string,
  script: string,
) {
  const file = join(program.folder, `script.${shell}`);
  writeFileSync(file, script);
  const child = spawn(
    shell,
    [...flags.split(' '), file].filter((word) => word !== ''),
    {
      cwd: program.folder,
      env: { ...program.env, PATH: program.path, TERM: 'xterm' },
    },
  );
  const { stdout, stderr } = await finished(child);
  return { lines: stdout.split('\n').slice(0, -1), stderr };
}

describe.skipIf(!has('bash'))('bash', () => {
  it('puts in words that it reads back as they are', { timeout: 60_000 }, async () => {
    const program = await installed();
    // What the shell itself makes of the line with the answer in it.
    const { lines, stderr } = await inShell(
      program,
      'bash',
      '--norc',
      String.raw`
source <(tph completion bash)
try() {
    local before=$2 after=$3 reply
    COMP_LINE=$1 COMP_POINT=${'$'}{#1}
    _tph tph
    for reply in "${'$'}{COMPREPLY[@]}"; do
        eval "set -- $before$reply$after"
        printf '%s\n' "${'$'}{@: -1}"
    done
    echo .
}
complete -p tph >/dev/null && echo known
try 'tph dri'
try 'tph exclusion set ' 'tph exclusion set '
try 'tph exclusion set "St' '"' '"'
try 'tph exclusion set "Bad ' '"' '"'
try 'tph driver show "D ' '"' '"'
try "tph exclusion set 'St" "'" "'"
try 'tph driver show ann'
try 'tph driver update D7 --status s'
try 'tph db backup '
`,
    );
    expect(stderr).toBe('');
    const [weird = '', plain = ''] = AWKWARD;
    expect(lines).toEqual([
      'known',
      ...['driver', '.'],
      ...[plain, weird, '.'],
      ...[weird, '.'],
      ...[plain, '.'],
      '.',
      ...[weird, '.'],
      ...["Ann O'Neill", '.'],
      ...['SUSPENDED', '.'],
      '.',
    ]);
  });
});

describe.skipIf(!has('zsh'))('zsh', () => {
  it('completes a line that is typed on a terminal', { timeout: 60_000 }, async () => {
    const program = await installed();
    const { lines, stderr } = await inShell(
      program,
      'zsh',
      '-f',
      String.raw`
zmodload zsh/zpty
zpty z 'zsh -f -i'
zpty -w z 'PS1=; unset zle_bracketed_paste; autoload -U compinit; compinit -u -D; source <(tph completion zsh)'
zpty -w z 'tell() { local -a told; told=("${'$'}{(@Q)${'$'}{(z)BUFFER}}"); print -rl -- "<<<$told[-1]>>>" >> told; BUFFER=; }'
zpty -w z 'zle -N tell; bindkey "^X" tell; bindkey "^I" complete-word; setopt no_auto_menu; print ready >> told'
until [[ -s told ]]; do sleep 0.05; done
count=1
try() {
    zpty -w -n z "$1"$'\t\x18'
    (( count++ ))
    for i in {1..100}; do [[ $(wc -l < told) -ge $count ]] && break; sleep 0.05; done
}
try 'tph dri'
try 'tph exclusion set St'
try 'tph exclusion set "St'
try 'tph driver show ann'
try 'tph driver update D7 --status=su'
try 'tph exclusion set bad'
try 'tph exclusion set "Bad W'
try "tph exclusion set 'Bad W"
try 'tph exclusion set Bad\ W'
zpty -d z
cat told
`,
    );
    expect(stderr).toBe('');
    const [weird = '', plain = ''] = AWKWARD;
    expect(lines).toEqual([
      'ready',
      ...['driver', weird, weird, "Ann O'Neill", '--status=SUSPENDED', plain, plain, plain, plain].map(
        (word) => `<<<${word}>>>`,
      ),
    ]);
  });

  it('shows what a word means', { timeout: 60_000 }, async () => {
    const program = await installed();
    const script = `compadd() { print -rl -- "$shown[@]"; }\nsource <(tph completion zsh)\nwords=(tph driver d) CURRENT=3 PREFIX=d\n_tph\n`;
    expect((await inShell(program, 'zsh', '-f', script)).lines).toEqual([
      'delete  -- Delete a driver; `restore` undoes it.',
    ]);
  });
});

describe.skipIf(!has('fish'))('fish', () => {
  it('completes, with what the words mean', { timeout: 60_000 }, async () => {
    const program = await installed();
    const { lines, stderr } = await inShell(
      program,
      'fish',
      '--no-config',
      `
tph completion fish | source
for line in 'tph dri' 'tph exclusion set St' 'tph exclusion set "St' 'tph driver show d7' 'tph driver update D7 --status=su'
    complete -C $line
end
`,
    );
    expect(stderr).toBe('');
    const [weird = ''] = AWKWARD;
    expect(lines).toEqual([
      'driver\tWho drives, and what each can carry.',
      weird,
      weird,
      "D7\tAnn O'Neill (D7)",
      '--status=SUSPENDED',
    ]);
  });
});

describe('log --follow', () => {
  it('ends quietly when the reader goes away, and with 130 on Ctrl-C', { timeout: 60_000 }, async () => {
    const program = new Program();
    await program.init();
    const [left, stopped] = [0, 1].map(() => program.start(['log', '--follow', '-o', 'jsonl']));
    if (left === undefined || stopped === undefined) throw new Error('not started');
    const ends = [finished(left), finished(stopped)];
    await Promise.all([left, stopped].map((child) => new Promise((go) => child.stdout?.once('data', go))));
    left.stdout?.destroy();
    await program.json('group', 'create', 'NIGHT');
    expect(await ends[0]).toMatchObject({ code: 0, stderr: '' });
    stopped.kill('SIGINT');
    const { code, stdout, stderr } = await (ends[1] as ReturnType<typeof finished>);
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(stdout).toContain('"name":"Liffey Cars"');
  });
});
