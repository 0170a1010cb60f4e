import { wantedArgument } from './command.ts';
import { SCRIPTS, SHELLS } from './completion-scripts.ts';
import { takesOneOf } from './completion-values.ts';
import type { Register } from './context.ts';

/** `tph completion`: prints what a shell needs to complete command lines (spec section 5). */
export const register: Register = (command, context) => {
  wantedArgument(command, 'shell', SHELLS.join(', ')).examples([
    'tph completion bash > ~/.local/share/bash-completion/completions/tph',
    'tph completion zsh > ~/.zfunc/_tph',
    'tph completion fish > ~/.config/fish/completions/tph.fish',
  ]);
  takesOneOf(command, 'shell', SHELLS);
  command.action(async (given: string | undefined) => {
    const text = await context.need.choice(given, {
      flag: '<shell>',
      question: 'For which shell?',
      choices: SHELLS,
    });
    const shell = context.choice(text, '<shell>', SHELLS);
    const script = SCRIPTS[shell];
    await context.answer({ value: { shell, script }, draw: () => [script.trimEnd()] });
  });
};
